package io.acclimate.image;

import io.acclimate.core.Bytes;
import io.acclimate.core.DeadLetterReason;
import io.acclimate.core.FloatTensor;
import io.acclimate.core.InputSpec;
import io.acclimate.core.ModelInput;
import io.acclimate.core.ModelInput.TextInput;
import io.acclimate.core.Outcome;
import io.acclimate.core.Payload;
import java.util.Optional;

/**
 * Turns the bytes of a record into the model's input row. If the producer gave a content type, bytes of another format are refused.
 * Without a content type, or with {@code application/octet-stream}, the first bytes decide.
 *
 * <p>Any thread. Readers and buffers are costly to make, so each thread keeps its own.
 */
public final class ImageDecoder {
    static final String ANY = "application/octet-stream";

    /** How the message of a refusal begins that no file should get. */
    public static final String FAULT = "the decoder failed on this file, which is a fault of Acclimate: ";

    private final ImageLimits limits;
    private final Files files;
    private final Texts texts = new Texts();
    private final ThreadLocal<Readers> readers = ThreadLocal.withInitial(Readers::new);

    /** Reads a file of a format whose first bytes fit. */
    @FunctionalInterface
    interface Files {
        RgbImage read(ImageFormat format, byte[] file) throws UnreadableImageException;
    }

    public ImageDecoder(ImageLimits limits) {
        this.limits = limits;
        this.files = this::decode;
    }

    /** @param files reads instead of the readers of this room */
    ImageDecoder(ImageLimits limits, Files files) {
        this.limits = limits;
        this.files = files;
    }

    /** Decodes a payload into one row of the shape {@link ModelInput#row()}. */
    public Outcome<FloatTensor> toTensor(Payload payload, ModelInput input) {
        if (input instanceof InputSpec spec && !isRawTensor(payload)) {
            return toPixels(payload)
                    .then(image -> Outcome.ok(readers.get().preprocessor(spec).toRow(image)));
        }
        return input instanceof TextInput text ? texts.row(payload, text) : RawTensor.read(payload, input);
    }

    /** The same row for a model that is about to run. That of a picture is a quarter as large while it waits. */
    public Outcome<ModelInput.Row> toRow(Payload payload, ModelInput input) {
        if (input instanceof InputSpec spec && !isRawTensor(payload)) {
            return toPixels(payload)
                    .then(image -> Outcome.ok(readers.get().preprocessor(spec).toWaitingRow(image)));
        }
        return toTensor(payload, input).then(Outcome::ok);
    }

    /** How many bytes each value of such a row has while it waits. A raw tensor in place of a picture has more. */
    public static int bytesPerValue(ModelInput input) {
        return input instanceof InputSpec ? 1 : Float.BYTES;
    }

    /**
     * Decodes a payload into the smallest form from which {@link CompactRows#toRow(Bytes)} makes the same row: one byte for each value
     * of an image's row, a raw tensor as it came, and the tokens of a text.
     */
    public Outcome<Bytes> toCompact(Payload payload, ModelInput input) {
        if (input instanceof InputSpec spec && !isRawTensor(payload)) {
            return toPixels(payload)
                    .then(image -> Outcome.ok(readers.get().preprocessor(spec).toLevels(image)));
        }
        return input instanceof TextInput text
                ? texts.row(payload, text).then(row -> Outcome.ok(Bytes.wrap(row.toLittleEndian())))
                : RawTensor.read(payload, input).then(row -> Outcome.ok(payload.bytes()));
    }

    private static boolean isRawTensor(Payload payload) {
        return payload.contentType().isPresent()
                && ImageFormat.mediaType(payload.contentType().get()).equals(Payload.TENSOR_F32);
    }

    /**
     * Decodes an image into pixels, upright and with transparent parts over black. A reader that fails in a way that it should not costs
     * this file alone: the same bytes would fail again, and nothing behind them would be served.
     */
    public Outcome<RgbImage> toPixels(Payload payload) {
        byte[] file = payload.bytes().array();
        if (file.length == 0) {
            return Outcome.refused(DeadLetterReason.EMPTY_VALUE, "the image has no bytes");
        }
        if (file.length > limits.maxBytes()) {
            return Outcome.refused(
                    DeadLetterReason.IMAGE_TOO_LARGE,
                    "the image has " + file.length + " bytes, at most " + limits.maxBytes() + " are taken");
        }
        Optional<ImageFormat> sniffed = ImageFormat.sniff(file);
        if (payload.contentType().isPresent()) {
            String type = ImageFormat.mediaType(payload.contentType().get());
            Optional<ImageFormat> named = ImageFormat.ofContentType(type);
            if (named.isEmpty() && !type.equals(ANY)) {
                return Outcome.refused(
                        DeadLetterReason.UNSUPPORTED_CONTENT_TYPE,
                        "content type '" + type
                                + "' is none of image/png, image/jpeg, image/gif, image/bmp, image/tiff, "
                                + Payload.TENSOR_F32);
            }
            if (named.isPresent() && !named.equals(sniffed)) {
                return Outcome.refused(
                        DeadLetterReason.UNDECODABLE_IMAGE,
                        "content type '" + type + "' does not fit the bytes, which begin like "
                                + sniffed.map(ImageFormat::name)
                                        .or(() -> ImageFormat.unread(file))
                                        .orElse("no image"));
            }
        }
        if (sniffed.isEmpty()) {
            return Outcome.refused(
                    DeadLetterReason.UNDECODABLE_IMAGE,
                    "the bytes begin like "
                            + ImageFormat.unread(file)
                                    .map(name -> name + ", which is not read; send")
                                    .orElse("none of")
                            + " PNG, JPEG, GIF, BMP, TIFF");
        }
        try {
            return Outcome.ok(files.read(sniffed.get(), file));
        } catch (UnreadableImageException e) {
            return Outcome.refused(e.reason(), e.text());
        } catch (RuntimeException e) {
            // What a reader that failed half-way has kept is not known.
            readers.remove();
            StackTraceElement[] trace = e.getStackTrace();
            return Outcome.refused(
                    DeadLetterReason.UNDECODABLE_IMAGE, FAULT + e + (trace.length == 0 ? "" : " at " + trace[0]));
        }
    }

    private RgbImage decode(ImageFormat format, byte[] file) throws UnreadableImageException {
        Readers mine = readers.get();
        return switch (format) {
            case JPEG -> mine.jpeg.read(file, limits);
            case TIFF -> mine.tiff.read(file, limits);
            case GIF, BMP -> mine.imageIo.read(format, file, limits);
            case PNG -> {
                RgbImage stored;
                if (PngReader.isInterlaced(file)) {
                    PngHeader header = PngHeader.parse(file, limits);
                    ImageLimits.checkUnpacked(
                            "PNG of " + header.width() + "x" + header.height() + " pixels, interlaced,",
                            ImageLimits.unpacked(header.width(), header.height(), header.samples(), header.depth()));
                    stored = mine.imageIo.read(format, file, limits);
                } else {
                    stored = mine.png.read(file, limits);
                }
                yield stored.upright(PngReader.orientation(file));
            }
        };
    }

    private static final class Readers {
        private final PngReader png = new PngReader();
        private final JpegReader jpeg = new JpegReader();
        private final TiffReader tiff = new TiffReader();
        private final ImageIoReader imageIo = new ImageIoReader();
        private Optional<Preprocessor> last = Optional.empty();

        Preprocessor preprocessor(InputSpec spec) {
            if (last.isEmpty() || !last.get().spec().equals(spec)) {
                last = Optional.of(new Preprocessor(spec));
            }
            return last.get();
        }
    }
}
