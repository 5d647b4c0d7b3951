package io.acclimate.app.verbs;

import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.app.verbs.VerbsFixture.Said;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What an operator does with the training of a service that has adapted. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(600)
class TrainingVerbsIT {
    private final VerbsFixture service = new VerbsFixture();

    @BeforeAll
    void adaptOnce(@TempDir Path state) throws Exception {
        service.adapt(state);
    }

    @AfterAll
    void stop() {
        service.close();
    }

    @Test
    void pauseKeepsLabelsAndResumeGoesOnTraining() throws Exception {
        int before = service.catalogue().versions().size();
        assertThat(service.run("pause")).isEqualTo(new Said(0, "default: training is paused\n", ""));
        service.label(64);
        assertThat(service.catalogue().versions()).hasSize(before);
        List<String> steps = service.trained();
        assertThat(steps.subList(steps.size() - 2, steps.size())).allMatch(line -> line.contains("; 0 steps"));

        assertThat(service.run("resume")).isEqualTo(new Said(0, "default: training is resumed\n", ""));
        service.label(32);
        assertThat(service.run("pause").code()).isZero();
        steps = service.trained();
        assertThat(steps.get(steps.size() - 1)).doesNotContain("; 0 steps");
    }

    @Test
    void rebuildMakesEveryVersionAgainAcrossTheCommandsGivenSoFar() throws Exception {
        service.given(1);
        assertThat(service.run("resume").code()).isZero();
        service.label(64);
        assertThat(service.run("pause").code()).isZero();
        int versions = service.catalogue().versions().size();

        Said said = service.run("rebuild");
        assertThat(said.code()).isZero();
        // Lines of progress stand before it where the machine is slow.
        assertThat(said.out().lines()).last().isEqualTo(versions + " of " + versions + " versions equal");

        Said without = service.run("rebuild", "--source-data", "none");
        assertThat(without.code()).isEqualTo(1);
        assertThat(without.out())
                .contains("default/1 (mini-batch offset ", ") differs: tensor ", "the source set was ", " and is none")
                // Without source samples the gate may promote at other mini-batches, so more versions may be compared.
                .containsPattern("\n0 of \\d+ versions equal\n$");
    }
}
