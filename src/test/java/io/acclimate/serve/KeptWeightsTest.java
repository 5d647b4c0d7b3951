package io.acclimate.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.acclimate.infer.BiasModel;
import io.acclimate.onnx.WeightDelta;
import io.acclimate.scratch.ScratchFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeptWeightsTest {
    private static final WeightDelta ONE = BiasModel.version(1);
    private static final WeightDelta TWO = BiasModel.version(2);
    private static final WeightDelta THREE = BiasModel.version(3);

    @TempDir
    Path folder;

    @Test
    void weightsAreReadAgainAsOftenAsTheyAreNeeded() {
        try (KeptWeights kept = new KeptWeights()) {
            KeptWeights.Kept one = kept.keep(ONE);
            KeptWeights.Kept two = kept.keep(TWO);

            assertThat(kept.read(two)).isEqualTo(TWO).isNotSameAs(TWO);
            assertThat(kept.read(one)).isEqualTo(ONE);
            assertThat(kept.read(one)).isEqualTo(ONE);
            assertThat(one).isNotEqualTo(kept.keep(ONE));
        }
    }

    @Test
    void thePlaceOfForgottenWeightsIsUsedAgain() {
        ScratchFile file = new ScratchFile("weights", folder.toFile());
        try (KeptWeights kept = new KeptWeights(file)) {
            KeptWeights.Kept one = kept.keep(ONE);
            KeptWeights.Kept two = kept.keep(TWO);
            long used = file.used();

            kept.forget(one);
            KeptWeights.Kept three = kept.keep(THREE);

            assertThat(file.used()).isEqualTo(used);
            assertThat(kept.read(two)).isEqualTo(TWO);
            assertThat(kept.read(three)).isEqualTo(THREE);
        }
    }

    @Test
    void weightsThatCannotBeWrittenStayOnTheHeapUntilTheyCan() throws Exception {
        Path missing = folder.resolve("missing");
        ScratchFile file = new ScratchFile("weights", missing.toFile());
        try (KeptWeights kept = new KeptWeights(file)) {
            KeptWeights.Kept one = kept.keep(ONE);
            assertThat(kept.read(one)).isSameAs(ONE);

            Files.createDirectory(missing);
            KeptWeights.Kept two = kept.keep(TWO);

            long used = file.used();
            assertThat(used).isPositive();
            assertThat(kept.read(one)).isSameAs(ONE);
            assertThat(kept.read(two)).isEqualTo(TWO);
            kept.forget(one);
            kept.forget(two);
            assertThat(kept.read(kept.keep(THREE))).isEqualTo(THREE);
            assertThat(file.used()).isEqualTo(used);
        }
    }

    @Test
    void weightsWhoseFileIsGoneCannotBeRead() {
        KeptWeights kept = new KeptWeights();
        KeptWeights.Kept one = kept.keep(ONE);

        kept.close();

        assertThatThrownBy(() -> kept.read(one))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageStartingWith("weights could not be read back");
        kept.close();
    }
}
