package io.acclimate.dataset;

import static io.acclimate.dataset.DataSetFiles.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.acclimate.core.ModelInput.Content;
import io.acclimate.core.Payload;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordFolderTest {
    private static final byte[] TEXT = "grüß dich".getBytes(StandardCharsets.UTF_8);
    private static final byte[] ROW = {0, 0, -128, 63};

    @TempDir
    Path folder;

    private LabelledRecords open(Content content) throws IOException {
        return DataSets.openRecords("folder:" + folder, "train", content);
    }

    @Test
    void aTextIsOneRecordWithItsBytesAndItsCharset() throws IOException {
        write(folder.resolve("train/ham/b.TXT"), TEXT);
        write(folder.resolve("train/spam/a.txt"), new byte[0]);

        LabelledRecords texts = open(Content.TEXT);

        assertThat(texts.size()).isEqualTo(2);
        assertThat(texts.classNames().names()).containsExactly("ham", "spam");
        assertThat(texts.payload(0).bytes().array()).isEqualTo(TEXT);
        assertThat(texts.payload(0).contentType()).hasValue("text/plain; charset=utf-8");
        assertThat(texts.payload(1).bytes().size()).isZero();
        assertThat(texts.label(1)).isEqualTo(1);
        assertThat(texts.name(1)).isEqualTo(folder.resolve("train/spam/a.txt").toString());
    }

    @Test
    void aTensorIsTakenFromItsOwnFilesAlone() throws IOException {
        write(folder.resolve("a-first/1.txt"), TEXT);
        write(folder.resolve("b-second/1.f32"), ROW);

        LabelledRecords rows = open(Content.TENSOR);

        assertThat(rows.size()).isEqualTo(1);
        assertThat(rows.label(0)).as("a class without rows keeps its index").isEqualTo(1);
        assertThat(rows.payload(0).contentType()).hasValue(Payload.TENSOR_F32);
        assertThat(rows.payload(0).bytes().array()).isEqualTo(ROW);
    }

    @Test
    void aFolderWithoutRecordsIsRefusedWithTheEndingThatCounts() {
        write(folder.resolve("a/1.f32"), ROW);

        assertThatThrownBy(() -> open(Content.TEXT))
                .isInstanceOf(DataSetException.class)
                .hasMessage(folder + " has no folder per class with files .txt, which hold one record each");
    }

    @Test
    void aFileThatIsGoneIsNamed() throws IOException {
        Path file = folder.resolve("a/1.f32");
        write(file, ROW);
        LabelledRecords rows = open(Content.TENSOR);

        Files.delete(file);

        assertThatThrownBy(() -> rows.payload(0))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessage(file + " cannot be read");
    }

    @Test
    void onlyAFolderHoldsRecordsThatAreNoImages() {
        assertThatThrownBy(() -> DataSets.openRecords("bundled", "train", Content.TEXT))
                .isInstanceOf(DataSetException.class)
                .hasMessage("a data set for a model whose content is TEXT is folder:DIR, got 'bundled'");
    }
}
