package io.acclimate.core;

import java.util.List;

/**
 * Describes how pixels become the model's input row. The model's card contains it. One row is {@code [channels, height, width]}
 * float32 for {@link Layout#NCHW} and {@code [height, width, channels]} for {@link Layout#NHWC}; each value is
 * {@code (pixel / 255 − mean[c]) / std[c]}.
 */
public record InputSpec(
        int channels,
        int height,
        int width,
        Layout layout,
        Colour colour,
        Resize resize,
        List<Float> mean,
        List<Float> std)
        implements ModelInput {

    /** 64 MiB a row, or 2,364 × 2,364 pixels in colour. A card that claims more is damaged. */
    static final long MAX_VALUES = 1 << 24;

    public enum Layout {
        NCHW,
        NHWC
    }

    public enum Colour {
        RGB,
        BGR,
        GREY
    }

    /** The treatment of an image whose size differs from the model's. */
    public enum Resize {
        /** The image is scaled in each direction on its own and loses its aspect ratio. */
        STRETCH,
        /** The image is scaled until it covers the model's size, and the middle is used. */
        CROP,
        /** The image is scaled down until it fits, but never up, and centred on black. */
        PAD
    }

    public InputSpec {
        mean = List.copyOf(mean);
        std = List.copyOf(std);
        if (channels < 1 || height < 1 || width < 1) {
            throw new IllegalArgumentException(
                    "extents must be positive, got " + channels + "x" + height + "x" + width);
        }
        if ((long) height * width > MAX_VALUES / channels) {
            throw new IllegalArgumentException(
                    "a row holds at most " + MAX_VALUES + " values, got " + channels + "x" + height + "x" + width);
        }
        if (colour == Colour.GREY ? channels != 1 : channels != 3) {
            throw new IllegalArgumentException("colour " + colour + " does not fit " + channels + " channels");
        }
        if (mean.size() != channels || std.size() != channels) {
            throw new IllegalArgumentException(
                    "mean and std need " + channels + " values, got " + mean + " and " + std);
        }
        if (!mean.stream().allMatch(Float::isFinite)) {
            throw new IllegalArgumentException("mean must be finite, got " + mean);
        }
        if (!std.stream().allMatch(s -> s > 0 && Float.isFinite(s))) {
            throw new IllegalArgumentException("std must be positive and finite, got " + std);
        }
    }

    @Override
    public Shape row() {
        return layout == Layout.NCHW ? Shape.of(channels, height, width) : Shape.of(height, width, channels);
    }

    @Override
    public Content content() {
        return Content.IMAGE;
    }

    @Override
    public InputSpec picture() {
        return this;
    }
}
