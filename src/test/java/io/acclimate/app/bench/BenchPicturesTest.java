package io.acclimate.app.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.acclimate.core.Bytes;
import io.acclimate.dataset.Png;
import io.acclimate.image.RgbImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchPicturesTest {
    @TempDir
    Path folder;

    @Test
    void takesTheFilesOfAFolderInTheOrderOfTheirNames() throws IOException {
        byte[] wide = Png.encode(RgbImage.wrap(4, 1, new byte[12]));
        byte[] high = Png.encode(RgbImage.wrap(1, 4, new byte[12]));
        Files.write(folder.resolve("b.png"), wide);
        Files.write(folder.resolve("a.png"), high);
        Files.createDirectory(folder.resolve("c"));

        BenchPictures pictures = BenchPictures.of(folder);

        assertThat(pictures.files()).containsExactly(Bytes.wrap(high), Bytes.wrap(wide));
        assertThat(pictures.bytesOnAverage()).isEqualTo((wide.length + high.length) / 2);
    }

    @Test
    void namesTheFileThatIsNoPicture() throws IOException {
        Files.writeString(folder.resolve("notes.txt"), "of the camera");

        assertThatThrownBy(() -> BenchPictures.of(folder))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("--pictures")
                .hasMessageContaining("notes.txt")
                .hasMessageContaining("PNG, JPEG");
    }

    @Test
    void saysThatAFolderIsEmpty() {
        assertThatThrownBy(() -> BenchPictures.of(folder))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("has no file");
    }
}
