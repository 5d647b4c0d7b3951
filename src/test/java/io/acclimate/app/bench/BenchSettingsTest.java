package io.acclimate.app.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.app.role.RoleSettings;
import io.acclimate.serve.BatchSettings;
import io.acclimate.serve.Delivery;
import io.acclimate.serve.ServeSettings;
import io.acclimate.train.TrainSettings;
import org.junit.jupiter.api.Test;

class BenchSettingsTest {
    @Test
    void benchServeRunsTheSettingsOfServeInAGroupOfItsOwn() {
        ServeSettings serve = RoleSettings.defaults().serve();

        ServeSettings bench = new BenchServeCommand().settings(serve.delivery(), 3);

        assertThat(bench.membership().group()).isEqualTo("bench-" + serve.delivery() + "-3");
        assertThat(bench.withMembership(serve.membership())).isEqualTo(serve);
    }

    @Test
    void changedDefaultReachesBenchServe() {
        RoleSettings defaults = RoleSettings.defaults();
        BatchSettings changed = new BatchSettings(777, 32);

        ServeSettings bench = new BenchServeCommand(
                        defaults.withServe(defaults.serve().withBatches(changed)))
                .settings(Delivery.AT_LEAST_ONCE, 0);

        assertThat(bench.batches()).isEqualTo(changed);
    }

    @Test
    void benchTrainTrainsAsAdaptDoesButForWhatItsRivalsLack() {
        TrainSettings adapt = RoleSettings.defaults().adapt().train();

        TrainSettings bench = new BenchTrainCommand().settings();

        assertThat(bench.withOptimizer(adapt.optimizer())).isEqualTo(adapt);
        assertThat(bench.optimizer().clip()).isEqualTo(adapt.optimizer().clip());
        assertThat(bench.optimizer().momentum()).isEqualTo(adapt.optimizer().momentum());
    }
}
