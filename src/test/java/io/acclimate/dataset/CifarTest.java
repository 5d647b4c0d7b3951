package io.acclimate.dataset;

import static io.acclimate.dataset.DataSetFiles.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.acclimate.train.Networks;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CifarTest {
    private static final int PLANE = 1024;

    @TempDir
    Path folder;

    @Test
    void theTrainingSplitIsTheFiveBatchesInTheirOrder() throws IOException {
        for (int batch = 1; batch <= 5; batch++) {
            write(folder.resolve("data_batch_" + batch + ".bin"), record(1, batch));
        }

        LabelledImages set = Cifar.open10(folder, "train");

        assertThat(set.size()).isEqualTo(5);
        for (int i = 0; i < 5; i++) {
            assertThat(set.label(i)).isEqualTo(i + 1);
            assertThat(set.pixels(i).at(0, 0, 0)).isEqualTo(i + 1);
        }
    }

    /** The JDK keeps the direct memory of a read with the thread that read, so the thread has to be new, and alive when it is looked at. */
    @Test
    void theThreadThatReadTheSetKeepsNoDirectMemoryOfItsSize() throws Exception {
        Path file = folder.resolve("test_batch.bin");
        write(file, new byte[4000 * record(1, 0).length]);
        FutureTask<Long> reading = new FutureTask<>(() -> {
            long before = Networks.directBytes();
            Cifar.open10(folder, "test");
            return Networks.directBytes() - before;
        });

        new Thread(reading).start();

        assertThat(reading.get()).isLessThan(Files.size(file) / 2);
    }

    @Test
    void planesOfRedGreenAndBlueBecomePixels() throws IOException {
        byte[] record = record(1, 0);
        int pixel = 5 * 32 + 7;
        record[1 + pixel] = 10;
        record[1 + PLANE + pixel] = 20;
        record[1 + 2 * PLANE + pixel] = (byte) 230;
        write(folder.resolve("test_batch.bin"), record);

        var image = Cifar.open10(folder, "test").pixels(0);

        assertThat(new int[] {image.at(7, 5, 0), image.at(7, 5, 1), image.at(7, 5, 2)})
                .containsExactly(10, 20, 230);
    }

    @Test
    void cifar100IsReadByItsFineLabels() throws IOException {
        byte[] record = record(2, 99);
        record[0] = 19;
        write(folder.resolve("train.bin"), record);

        assertThat(Cifar.open100(folder, "train").label(0)).isEqualTo(99);
    }

    @Test
    void namesAreReadWhereTheyAreAndNumbersStandInForThem() throws IOException {
        write(folder.resolve("test_batch.bin"), record(1, 3));
        assertThat(Cifar.open10(folder, "test").classNames().name(3)).isEqualTo("3");

        String names = "airplane\nautomobile\nbird\ncat\ndeer\ndog\nfrog\nhorse\nship\ntruck\n\n";
        write(folder.resolve("batches.meta.txt"), names.getBytes(StandardCharsets.UTF_8));

        assertThat(Cifar.open10(folder, "test").classNames().name(3)).isEqualTo("cat");
    }

    @Test
    void namesThatAreTooFewAreRefused() {
        write(folder.resolve("test_batch.bin"), record(1, 3));
        write(folder.resolve("batches.meta.txt"), "airplane\n".getBytes(StandardCharsets.UTF_8));

        assertThatThrownBy(() -> Cifar.open10(folder, "test"))
                .isInstanceOf(DataSetException.class)
                .hasMessageContaining("has 1 class names, expected 10");
    }

    @Test
    void aFileThatIsNoWholeNumberOfRecordsIsRefused() throws IOException {
        Path file = folder.resolve("test_batch.bin");
        for (int length : new int[] {0, 1, 3_072, 3_074}) {
            Files.write(file, new byte[length]);

            assertThatThrownBy(() -> Cifar.open10(folder, "test"))
                    .isInstanceOf(DataSetException.class)
                    .hasMessage(file + " has " + length + " bytes, no multiple of 3073");
        }
    }

    @Test
    void aLabelThatTheSetCannotHaveIsRefused() {
        write(folder.resolve("test_batch.bin"), record(1, 10));

        assertThatThrownBy(() -> Cifar.open10(folder, "test"))
                .isInstanceOf(DataSetException.class)
                .hasMessage("label 0 is class 10, there are 10 classes");
    }

    @Test
    void aMissingBatchIsNamed() {
        write(folder.resolve("data_batch_1.bin"), record(1, 1));

        assertThatThrownBy(() -> Cifar.open10(folder, "train"))
                .isInstanceOf(DataSetException.class)
                .hasMessage(folder.resolve("data_batch_2.bin") + " is missing");
    }

    /** A record whose last label byte and whose pixels are {@code value}. */
    private static byte[] record(int labelBytes, int value) {
        byte[] record = new byte[labelBytes + 3 * PLANE];
        Arrays.fill(record, labelBytes - 1, record.length, (byte) value);
        return record;
    }
}
