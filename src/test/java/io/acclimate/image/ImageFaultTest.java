package io.acclimate.image;

import static io.acclimate.image.Pictures.payload;
import static io.acclimate.image.Pictures.reason;
import static io.acclimate.image.Pictures.value;
import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.core.DeadLetterReason;
import io.acclimate.core.FloatTensor;
import io.acclimate.core.InputSpec;
import io.acclimate.core.Outcome;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageWriteParam;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

/** Image files made to cost more than they weigh, and files on which decoders disagree. */
class ImageFaultTest {
    private static final InputSpec SPEC = new InputSpec(
            3,
            8,
            8,
            InputSpec.Layout.NCHW,
            InputSpec.Colour.RGB,
            InputSpec.Resize.STRETCH,
            List.of(0f, 0f, 0f),
            List.of(1f, 1f, 1f));

    private final ImageDecoder decoder = new ImageDecoder(ImageLimits.defaults());

    @Test
    void fault18EachFormIsOneTensorOnEveryThreadAndInEveryOrder() {
        ImageDecoder other = new ImageDecoder(ImageLimits.defaults());
        List<FloatTensor> forwards = HostilePictures.taken().values().stream()
                .map(file -> value(decoder.toTensor(payload(file), SPEC)))
                .toList();
        List<FloatTensor> elsewhere = HostilePictures.taken().values().parallelStream()
                .map(file -> value(other.toTensor(payload(file), SPEC)))
                .toList();
        assertThat(elsewhere).isEqualTo(forwards);
        assertThat(forwards.stream().distinct().count()).isGreaterThan(6);
    }

    @Test
    void aReaderThatFailsCostsOneFile() {
        byte[] good = Pictures.png(1, 1, 8, PngHeader.RGB, new byte[] {0, 10, 20, 30});
        byte[] bad = Pictures.png(1, 1, 8, PngHeader.RGB, new byte[] {0, 1, 2, 3});
        ImageDecoder faulty = new ImageDecoder(ImageLimits.defaults(), (format, file) -> {
            if (Arrays.equals(file, bad)) {
                throw new ArrayIndexOutOfBoundsException("Index 3 out of bounds for length 3");
            }
            return RgbImage.wrap(1, 1, new byte[] {10, 20, 30});
        });

        var outcome = faulty.toRow(payload(bad), SPEC);

        assertThat(reason(outcome)).isEqualTo(DeadLetterReason.UNDECODABLE_IMAGE);
        assertThat(((Outcome.Refused<?>) outcome).refusal().message())
                .startsWith(ImageDecoder.FAULT)
                .contains("Index 3 out of bounds")
                .contains("ImageFaultTest");
        assertThat(value(faulty.toPixels(payload(good))).rgb()).containsExactly(10, 20, 30);
    }

    @Test
    void fault18WhatIsNoImageIsRefusedWithItsReasonAndTheDecoderGoesOn() {
        byte[] good = Pictures.png(1, 1, 8, PngHeader.RGB, new byte[] {0, 10, 20, 30});
        HostilePictures.refused().forEach((name, file) -> {
            DeadLetterReason expected = name.equals("empty")
                    ? DeadLetterReason.EMPTY_VALUE
                    : name.equals("png bomb") ? DeadLetterReason.IMAGE_TOO_LARGE : DeadLetterReason.UNDECODABLE_IMAGE;
            assertThat(reason(decoder.toTensor(payload(file), SPEC))).as(name).isEqualTo(expected);
            assertThat(value(decoder.toPixels(payload(good))).rgb()).containsExactly(10, 20, 30);
        });
    }

    @Test
    void fault18AnAnimationIsItsFirstFrameWhateverStandsAroundIt() {
        RgbImage plain = value(decoder.toPixels(payload(HostilePictures.animated(0))));
        assertThat(plain.at(0, 0, 0)).isGreaterThan(200);
        assertThat(plain.at(0, 0, 2)).isLessThan(50);
        byte[] chatty = HostilePictures.animated(2_000_000);

        RgbImage read = Assertions.assertTimeoutPreemptively(
                Duration.ofSeconds(20), () -> value(decoder.toPixels(payload(chatty))));

        assertThat(read).isEqualTo(plain);
    }

    @Test
    void fault18AJpegOfThousandsOfScansIsRefused() {
        byte[] jpeg = Pictures.write(
                new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB), "jpeg", ImageWriteParam.MODE_DEFAULT);
        int scan = jpeg.length - 2;
        while ((jpeg[scan] & 0xff) != 0xff || (jpeg[scan + 1] & 0xff) != 0xda) {
            scan--;
        }
        assertThat(value(decoder.toPixels(payload(jpeg))).width()).isEqualTo(64);
        ByteArrayOutputStream many = new ByteArrayOutputStream();
        many.write(jpeg, 0, scan);
        for (int i = 0; i < 5_000; i++) {
            many.write(jpeg, scan, jpeg.length - 2 - scan);
        }
        many.write(jpeg, jpeg.length - 2, 2);
        assertThat(reason(decoder.toPixels(payload(many.toByteArray())))).isEqualTo(DeadLetterReason.UNDECODABLE_IMAGE);
    }

    @Test
    void aBmpWhoseSizesAreLeftAtZeroIsReadByItsExtents() {
        RgbImage picture = Pictures.random(7, 5, 2);
        byte[] bmp = Pictures.write(Pictures.buffered(picture, BufferedImage.TYPE_INT_RGB), "bmp");
        for (int[] size : new int[][] {{2, 0}, {34, 0}, {2, 17}, {34, 3}}) {
            byte[] odd = bmp.clone();
            ByteBuffer.wrap(odd).order(ByteOrder.LITTLE_ENDIAN).putInt(size[0], size[1]);

            assertThat(value(decoder.toPixels(payload(odd)))).isEqualTo(picture);
        }
    }

    @Test
    void fault18ABmpMayNotClaimWhatItsFileCannotHold() {
        byte[] bmp = Pictures.write(new BufferedImage(4, 4, BufferedImage.TYPE_INT_RGB), "bmp");
        assertThat(value(decoder.toPixels(payload(bmp))).width()).isEqualTo(4);
        for (int[] claim :
                new int[][] {{30, 4}, {30, 5}, {34, 2_000_000_000}, {10, 2_000_000_000}, {46, 500_000_000}, {14, -1}}) {
            byte[] bad = bmp.clone();
            ByteBuffer.wrap(bad).order(ByteOrder.LITTLE_ENDIAN).putInt(claim[0], claim[1]);
            long before = allocated();
            assertThat(reason(decoder.toPixels(payload(bad)))).isEqualTo(DeadLetterReason.UNDECODABLE_IMAGE);
            assertThat(allocated() - before).isLessThan(1 << 20);
        }
    }

    @Test
    void fault18HeadersThatTheFileCannotFillAndRowsBeyondAnArrayAreRefusedBeforeMemoryIsTaken() {
        ImageDecoder generous = new ImageDecoder(new ImageLimits(8 << 20, 500_000_000));
        byte[] wide = Pictures.png(500_000_000, 1, 16, PngHeader.RGB_ALPHA, new byte[4_000_000]);
        byte[] hollow = Pictures.png(4_000, 4_000, 8, PngHeader.RGB, new byte[1_000]);
        byte[] interlaced = hollow.clone();
        interlaced[28] = 1;
        long before = allocated();
        assertThat(reason(generous.toPixels(payload(wide)))).isEqualTo(DeadLetterReason.IMAGE_TOO_LARGE);
        assertThat(reason(generous.toPixels(payload(hollow)))).isEqualTo(DeadLetterReason.UNDECODABLE_IMAGE);
        assertThat(reason(generous.toPixels(payload(interlaced)))).isEqualTo(DeadLetterReason.UNDECODABLE_IMAGE);
        assertThat(allocated() - before).isLessThan(1 << 20);
    }

    @Test
    void oneLongRowOfABmpTakesNoMoreMemoryThanASquare() {
        byte[] square =
                Pictures.write(Pictures.buffered(Pictures.random(500, 500, 3), BufferedImage.TYPE_INT_RGB), "bmp");
        byte[] row =
                Pictures.write(Pictures.buffered(Pictures.random(250_000, 1, 3), BufferedImage.TYPE_INT_RGB), "bmp");

        assertThat(allocatedBy(row)).isLessThan(allocatedBy(square) * 5 / 4);
    }

    private long allocatedBy(byte[] file) {
        value(decoder.toPixels(payload(file)));
        long before = allocated();
        value(decoder.toPixels(payload(file)));
        return allocated() - before;
    }

    /** Bytes that this thread has allocated so far. */
    private static long allocated() {
        return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
    }
}
