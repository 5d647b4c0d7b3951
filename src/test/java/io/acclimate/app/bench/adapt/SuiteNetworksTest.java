package io.acclimate.app.bench.adapt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.acclimate.dataset.DataSetException;
import io.acclimate.dataset.DataSetFiles;
import io.acclimate.dataset.LabelledImages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SuiteNetworksTest {
    @TempDir
    Path folder = Path.of("");

    @Test
    void imagesWhoseClassesAreOnlyNumberedHaveTheClassesOfTheNetwork() throws Exception {
        write(9, 0);
        try (SuiteNetworks networks = new SuiteNetworks("idx:" + folder)) {
            LabelledImages images = networks.images("bundled");

            assertThat(images.classNames())
                    .isEqualTo(networks.graph("bundled").card().classes());
            assertThat(images.classNames().name(images.label(0))).isEqualTo("Ankle boot");
        }
    }

    @Test
    void imagesOfAClassThatTheNetworkLacksAreRefusedWithBothLists() throws Exception {
        write(10, 0);
        try (SuiteNetworks networks = new SuiteNetworks("idx:" + folder)) {
            assertThatThrownBy(() -> networks.images("bundled"))
                    .isInstanceOf(DataSetException.class)
                    .hasMessageContaining("class '10'")
                    .hasMessageContaining("[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]")
                    .hasMessageContaining("Ankle boot");
        }
    }

    @Test
    void aFolderStandsForTheModelFilesInIt() throws Exception {
        Files.createFile(folder.resolve("b.onnx"));
        Files.createFile(folder.resolve("a.onnx"));
        Files.createFile(folder.resolve("a.yaml"));

        assertThat(SuiteNetworks.listed(List.of("bundled", folder.toString())))
                .containsExactly(
                        "bundled",
                        folder.resolve("a.onnx").toString(),
                        folder.resolve("b.onnx").toString());
    }

    @Test
    void aFolderWithoutModelFilesIsRefusedAndHoldsNoBar() throws Exception {
        Files.createFile(folder.resolve("a.yaml"));

        assertThatThrownBy(() -> SuiteNetworks.listed(List.of(folder.toString())))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(folder.toString())
                .hasMessageContaining(".onnx");
    }

    private void write(int... labels) throws IOException {
        byte[] bytes = new byte[labels.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) labels[i];
        }
        DataSetFiles.write(
                folder.resolve("test-images-idx3-ubyte"),
                DataSetFiles.idx(new byte[labels.length * 28 * 28], labels.length, 28, 28));
        DataSetFiles.write(folder.resolve("test-labels-idx1-ubyte"), DataSetFiles.idx(bytes, labels.length));
    }
}
