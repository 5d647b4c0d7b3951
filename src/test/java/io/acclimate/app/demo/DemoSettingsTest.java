package io.acclimate.app.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.app.role.RoleSettings;
import io.acclimate.minibatch.JoinSettings;
import io.acclimate.serve.BatchSettings;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class DemoSettingsTest {
    private static final Path STATE = Path.of("state");

    @Test
    void demoRunsTheDefaultsOfTheRolesButForItsStateAndTheJoin() {
        RoleSettings defaults = RoleSettings.defaults();

        RoleSettings demo = new DemoOptions(defaults).settings(STATE);

        assertThat(demo)
                .isEqualTo(defaults.withMiniBatch(
                        defaults.miniBatch().withJoin(JoinSettings.OFF).withStateDir(STATE)));
    }

    @Test
    void changedDefaultReachesTheDemo() {
        RoleSettings defaults = RoleSettings.defaults();
        BatchSettings changed = new BatchSettings(777, 64);

        RoleSettings demo = new DemoOptions(defaults.withServe(defaults.serve().withBatches(changed))).settings(STATE);

        assertThat(demo.serve().batches()).isEqualTo(changed);
    }
}
