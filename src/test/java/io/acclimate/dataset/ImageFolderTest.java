package io.acclimate.dataset;

import static io.acclimate.dataset.DataSetFiles.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.acclimate.image.RgbImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageFolderTest {
    private static final byte[] IMAGE = Png.encode(RgbImage.wrap(1, 1, new byte[] {1, 2, 3}));

    @TempDir
    Path folder;

    @Test
    void aFolderOfTheSplitIsPreferredToTheClassFoldersBesideIt() throws IOException {
        write(folder.resolve("cat/1.png"), IMAGE);
        assertThat(ImageFolder.open(folder, "test").classNames().names()).containsExactly("cat");

        write(folder.resolve("test/dog/1.png"), IMAGE);

        assertThat(ImageFolder.open(folder, "test").classNames().names()).containsExactly("dog");
    }

    @Test
    void aClassWithoutImagesKeepsItsIndex() throws IOException {
        Files.createDirectories(folder.resolve("a-empty"));
        write(folder.resolve("b/1.jpeg"), IMAGE);
        write(folder.resolve("b/readme.md"), IMAGE);

        LabelledImages set = ImageFolder.open(folder, "train");

        assertThat(set.size()).isEqualTo(1);
        assertThat(set.label(0)).isEqualTo(1);
        assertThat(set.pixels(0)).as("told by its bytes and not by its ending").isNotNull();
    }

    @Test
    void aFolderWithoutImagesIsRefusedWithTheEndingsThatCount() {
        write(folder.resolve("a/1.tiff"), IMAGE);

        assertThatThrownBy(() -> ImageFolder.open(folder, "train"))
                .isInstanceOf(DataSetException.class)
                .hasMessageContaining(folder + " has no folder per class with images [.png, .jpg");
    }

    @Test
    void aFileInPlaceOfTheFolderIsRefused() {
        Path file = folder.resolve("file");
        write(file, IMAGE);

        assertThatThrownBy(() -> ImageFolder.open(file, "train"))
                .isInstanceOf(DataSetException.class)
                .hasMessage(file + " is no folder");
    }

    @Test
    void aBrokenImageIsFoundWhenItIsReadAndNamesItsFile() throws IOException {
        Path broken = folder.resolve("a/1.png");
        write(broken, "no image".getBytes(StandardCharsets.UTF_8));
        LabelledImages set = ImageFolder.open(folder, "train");

        assertThatThrownBy(() -> set.pixels(0))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining(broken + ": the bytes begin like none of PNG");
    }

    @Test
    void anImageThatIsGoneIsNamed() throws IOException {
        Path file = folder.resolve("a/1.png");
        write(file, IMAGE);
        LabelledImages set = ImageFolder.open(folder, "train");

        Files.delete(file);

        assertThatThrownBy(() -> set.pixels(0))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessage(file + " cannot be read");
    }

    @Test
    void aKindOfDataSetThatDoesNotExistIsRefusedWithThoseThatDo() {
        assertThatThrownBy(() -> DataSets.open("coco:" + folder, "train"))
                .isInstanceOf(DataSetException.class)
                .hasMessage("a data set is " + DataSets.FORMS + ", got 'coco:" + folder + "'");
        assertThatThrownBy(() -> DataSets.open("bundled", "validation"))
                .isInstanceOf(DataSetException.class)
                .hasMessageContaining("not 'validation'");
    }
}
