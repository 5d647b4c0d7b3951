package io.acclimate.app.labels;

import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.app.labels.ImageReference.Rule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImageReferenceTest {
    @ParameterizedTest
    @CsvSource({
        "a/b/cat-1.png, cat-1.png, cat-1",
        "a\\b\\cat-1.JPG, cat-1.JPG, cat-1",
        "camera-1.5, camera-1.5, camera-1.5",
        ".png, .png, .png",
        "s3://bucket/a%20b.png, a%20b.png, a%20b",
        "https://host/a/cat%201+2.png?sig=a/b#c, cat 1+2.png, cat 1+2",
        "/data/upload/3/0a1b2c3d-cat-1.png, cat-1.png, cat-1",
        "/data/upload/0a1b2c3d-cat-1.png, cat-1.png, cat-1",
        "/data/local-files/?d=photos/cat%201.png, cat 1.png, cat 1",
        "0a1b2c3d-cat-1.png, 0a1b2c3d-cat-1.png, 0a1b2c3d-cat-1",
    })
    void aFilesNameAndStemAreFoundInWhateverTheToolWrites(String text, String name, String stem) {
        ImageReference image = ImageReference.file(text);

        assertThat(image.id(Rule.NAME)).isEqualTo(name);
        assertThat(image.id(Rule.STEM)).isEqualTo(stem);
        assertThat(image.id(Rule.PATH)).isEqualTo(text);
    }

    @Test
    void anIdStaysAsItIs() {
        assertThat(ImageReference.id("a/cat-1.png").id(Rule.STEM)).isEqualTo("a/cat-1.png");
    }
}
