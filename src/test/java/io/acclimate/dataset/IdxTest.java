package io.acclimate.dataset;

import static io.acclimate.dataset.DataSetFiles.idx;
import static io.acclimate.dataset.DataSetFiles.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.acclimate.image.RgbImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IdxTest {
    @TempDir
    Path folder;

    @Test
    void greyImagesOf28By28AreCentredOn32By32Black() throws IOException {
        byte[] pixels = new byte[28 * 28];
        Arrays.fill(pixels, (byte) 200);

        RgbImage image = read(idx(pixels, 1, 28, 28), idx(new byte[1], 1)).pixels(0);

        assertThat(image.width()).isEqualTo(32);
        for (int y = 0; y < 32; y++) {
            for (int x = 0; x < 32; x++) {
                boolean inside = x >= 2 && x < 30 && y >= 2 && y < 30;
                assertThat(image.at(x, y, 1)).isEqualTo(inside ? 200 : 0);
            }
        }
    }

    @Test
    void greyImagesOfAnotherSizeKeepItAndHaveThreeEqualChannels() throws IOException {
        RgbImage image = read(idx(new byte[] {1, 2, 3, 4, 5, 6}, 1, 2, 3), idx(new byte[1], 1))
                .pixels(0);

        assertThat(image)
                .isEqualTo(RgbImage.wrap(3, 2, new byte[] {1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4, 5, 5, 5, 6, 6, 6}));
    }

    @Test
    void colourImagesAreTakenAsTheyAre() throws IOException {
        byte[] pixels = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};

        LabelledImages set = read(idx(pixels, 2, 1, 2, 3), idx(new byte[] {0, 1}, 2));

        assertThat(set.pixels(1)).isEqualTo(RgbImage.wrap(2, 1, new byte[] {7, 8, 9, 10, 11, 12}));
        assertThatThrownBy(() -> set.pixels(2)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void classesWithoutNamesAreNumberedUpToTheHighestLabel() throws IOException {
        LabelledImages set = read(idx(new byte[3], 3, 1, 1), idx(new byte[] {0, (byte) 130, 2}, 3));

        assertThat(set.classNames().count()).isEqualTo(131);
        assertThat(set.label(1)).as("labels have no sign").isEqualTo(130);
        assertThat(set.classNames().name(130)).isEqualTo("130");
    }

    @Test
    void aLabelBeyondTheNamedClassesIsRefused() {
        assertThatThrownBy(() -> Idx.read(
                        new ByteArrayInputStream(idx(new byte[2], 2, 1, 1)),
                        "images",
                        new ByteArrayInputStream(idx(new byte[] {0, 2}, 2)),
                        "labels",
                        List.of("cat", "dog")))
                .isInstanceOf(DataSetException.class)
                .hasMessage("label 1 is class 2, there are 2 classes");
    }

    @Test
    void imagesAndLabelsAreEquallyMany() {
        assertThatThrownBy(() -> read(idx(new byte[2], 2, 1, 1), idx(new byte[3], 3)))
                .isInstanceOf(DataSetException.class)
                .hasMessage("images has 2 images, labels 3 labels");
    }

    @Test
    void shapesOfOtherRanksAreRefused() {
        byte[] labels = idx(new byte[2], 2);
        for (byte[] images : List.of(idx(new byte[2], 2), idx(new byte[4], 2, 2), idx(new byte[8], 2, 1, 1, 4))) {
            assertThatThrownBy(() -> read(images, labels))
                    .isInstanceOf(DataSetException.class)
                    .hasMessageContaining("images has shape [2")
                    .hasMessageContaining("are read");
        }
    }

    /** Offset of an int in the file of images, what stands there, what is said. */
    @ParameterizedTest
    @CsvSource({
        "0, 0x00000903, no IDX file of unsigned bytes",
        "0, 0x01000803, no IDX file of unsigned bytes",
        "0, 0x00000800, no IDX file of unsigned bytes",
        "0, 0x00000805, no IDX file of unsigned bytes",
        "4, 0, 'claims the shape [0]'",
        "4, -1, 'claims the shape [-1]'",
        "8, 0x7fffffff, 'claims the shape [2, 2147483647]'",
        "12, 2, 'has 18 bytes, shape [2, 1, 2] needs 20'"
    })
    void aHeaderThatCannotBeTrueIsRefused(int at, String value, String message) {
        byte[] images = idx(new byte[2], 2, 1, 1);
        ByteBuffer.wrap(images).putInt(at, Long.decode(value).intValue());

        assertThatThrownBy(() -> read(images, idx(new byte[2], 2)))
                .isInstanceOf(DataSetException.class)
                .hasMessageContaining("images")
                .hasMessageContaining(message);
    }

    @Test
    void everyTruncationIsRefused() {
        byte[] images = idx(new byte[2], 2, 1, 1);
        for (int length = 0; length < images.length; length++) {
            byte[] cut = Arrays.copyOf(images, length);
            assertThatThrownBy(() -> read(cut, idx(new byte[2], 2)))
                    .as("cut to %d", length)
                    .isInstanceOf(DataSetException.class);
        }
    }

    @Test
    void theSplitTestPrefersItsOwnNameToThatOfMnist() throws IOException {
        write(folder.resolve("t10k-images-idx3-ubyte"), idx(new byte[] {1}, 1, 1, 1));
        write(folder.resolve("t10k-labels-idx1-ubyte"), idx(new byte[1], 1));
        assertThat(Idx.open(folder, "test").pixels(0).at(0, 0, 0)).isEqualTo(1);

        write(folder.resolve("test-images-idx3-ubyte"), idx(new byte[] {2}, 1, 1, 1));
        write(folder.resolve("test-labels-idx1-ubyte"), idx(new byte[1], 1));

        assertThat(Idx.open(folder, "test").pixels(0).at(0, 0, 0)).isEqualTo(2);
    }

    @Test
    void aFileOfClassNamesNamesTheClasses() throws IOException {
        write(folder.resolve("train-images-idx3-ubyte"), idx(new byte[] {1}, 1, 1, 1));
        write(folder.resolve("train-labels-idx1-ubyte"), idx(new byte[] {1}, 1));
        write(folder.resolve("class-names.txt"), "cat\ndog\n".getBytes(StandardCharsets.UTF_8));

        assertThat(Idx.open(folder, "train").classNames().names()).containsExactly("cat", "dog");
    }

    @Test
    void aMissingFolderOrFileIsNamed() {
        Path missing = folder.resolve("missing");
        assertThatThrownBy(() -> Idx.open(missing, "train"))
                .isInstanceOf(DataSetException.class)
                .hasMessage(missing + " is no folder");
        assertThatThrownBy(() -> Idx.open(folder, "test"))
                .isInstanceOf(DataSetException.class)
                .hasMessage(folder + " has no file t10k-images-idx*-ubyte[.gz]");
    }

    private static LabelledImages read(byte[] images, byte[] labels) throws IOException {
        return Idx.read(
                new ByteArrayInputStream(images), "images", new ByteArrayInputStream(labels), "labels", List.of());
    }
}
