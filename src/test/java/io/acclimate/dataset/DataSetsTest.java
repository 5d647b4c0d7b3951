package io.acclimate.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.acclimate.core.Bytes;
import io.acclimate.core.Outcome;
import io.acclimate.core.Payload;
import io.acclimate.image.ImageDecoder;
import io.acclimate.image.ImageLimits;
import io.acclimate.image.RgbImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataSetsTest {
    @TempDir
    Path folder;

    @Test
    void bundledDataAreBalancedPaddedAndNamed() {
        LabelledImages target = Bundled.targetTest();
        LabelledImages source = Bundled.sourceReplay();
        assertThat(target.size()).isEqualTo(10_000);
        assertThat(source.size()).isEqualTo(1_000);
        int[] perClass = new int[10];
        for (int i = 0; i < source.size(); i++) {
            perClass[source.label(i)]++;
        }
        assertThat(perClass).containsOnly(100);
        assertThat(target.classNames().name(target.label(0))).isEqualTo("Ankle boot");
        RgbImage first = target.pixels(0);
        assertThat(first.width()).isEqualTo(32);
        assertThat(first.at(0, 16, 0)).isZero();
        assertThat(first.rgb()).contains(255);
    }

    @Test
    void idxIsReadGzippedOrNotAndRefusedWhenItsSizeIsWrong() throws IOException {
        ByteBuffer images = ByteBuffer.allocate(16 + 2 * 4 * 3)
                .putInt(0x803)
                .putInt(2)
                .putInt(4)
                .putInt(3);
        images.put(16 + 12 + 5, (byte) 99);
        Files.write(folder.resolve("t10k-images-idx3-ubyte"), images.array());
        ByteBuffer labels =
                ByteBuffer.allocate(10).putInt(0x801).putInt(2).put((byte) 1).put((byte) 3);
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(labels.array());
        }
        Files.write(folder.resolve("t10k-labels-idx1-ubyte.gz"), packed.toByteArray());
        LabelledImages set = DataSets.open("idx:" + folder, "test");
        assertThat(set.size()).isEqualTo(2);
        assertThat(set.label(1)).isEqualTo(3);
        assertThat(set.classNames().count()).isEqualTo(4);
        assertThat(set.pixels(1).at(2, 1, 1)).isEqualTo(99);

        Files.write(folder.resolve("t10k-images-idx3-ubyte"), java.util.Arrays.copyOf(images.array(), 30));
        assertThatThrownBy(() -> DataSets.open("idx:" + folder, "test"))
                .isInstanceOf(DataSetException.class)
                .hasMessageContaining("t10k-images-idx3-ubyte has 30 bytes, shape [2, 4, 3] needs 40");
    }

    @Test
    void cifarPlanesBecomePixels() throws IOException {
        byte[] record = new byte[2 + 3072];
        record[1] = 42;
        record[2 + 1024 + 33] = 7;
        Files.write(folder.resolve("test.bin"), record);
        LabelledImages set = DataSets.open("cifar100:" + folder, "test");
        assertThat(set.label(0)).isEqualTo(42);
        assertThat(set.pixels(0).at(1, 1, 1)).isEqualTo(7);
        assertThatThrownBy(() -> DataSets.open("cifar10:" + folder, "test"))
                .isInstanceOf(DataSetException.class)
                .hasMessageContaining("test_batch.bin is missing");
    }

    @Test
    void foldersAreClassesInPathOrder() throws IOException {
        RgbImage image = RgbImage.wrap(2, 1, new byte[] {1, 2, 3, 4, 5, 6});
        for (String name : new String[] {"b/2.png", "b/1.png", "a/9.PNG"}) {
            Path file = folder.resolve("train").resolve(name);
            Files.createDirectories(file.getParent());
            Files.write(file, Png.encode(image));
        }
        Files.writeString(folder.resolve("train/a/notes.txt"), "no image");
        LabelledImages set = DataSets.open("folder:" + folder, "train");
        assertThat(set.size()).isEqualTo(3);
        assertThat(set.classNames().names()).containsExactly("a", "b");
        assertThat(set.label(1)).isEqualTo(1);
        assertThat(set.pixels(2)).isEqualTo(image);
    }

    @Test
    void pngsReadBackTheSame() {
        RgbImage image = Shift.BLEND.apply(Bundled.targetTest().pixels(3), 1, 3);
        Outcome<RgbImage> read = new ImageDecoder(ImageLimits.defaults())
                .toPixels(new Payload(Bytes.wrap(Png.encode(image)), Optional.of("image/png")));
        assertThat(read).isEqualTo(Outcome.ok(image));
    }

    @Test
    void theImagesOfAFolderComeInAnOrderOfTheSeedAndEachOnceWithItsLabel() throws IOException {
        for (int i = 0; i < 40; i++) {
            byte[] image = Png.encode(RgbImage.wrap(1, 1, new byte[] {(byte) (i / 20), (byte) i, 0}));
            DataSetFiles.write(folder.resolve((i < 20 ? "a/" : "b/") + i + ".png"), image);
        }
        String name = "folder:" + folder;

        LabelledImages stream = DataSets.openStream(name, "test", 1);

        assertThat(labels(DataSets.open(name, "test"))).isSorted();
        assertThat(labels(stream).subList(0, 20)).contains(0, 1);
        assertThat(labels(stream)).isEqualTo(labels(DataSets.openStream(name, "test", 1)));
        assertThat(labels(stream)).isNotEqualTo(labels(DataSets.openStream(name, "test", 2)));
        assertThat(IntStream.range(0, 40).map(i -> stream.pixels(i).at(0, 0, 1)).boxed())
                .doesNotHaveDuplicates();
        assertThat(IntStream.range(0, 40)).allSatisfy(i -> assertThat(stream.label(i))
                .isEqualTo(stream.pixels(i).at(0, 0, 0)));
    }

    private static List<Integer> labels(LabelledImages images) {
        return IntStream.range(0, images.size()).map(images::label).boxed().toList();
    }
}
