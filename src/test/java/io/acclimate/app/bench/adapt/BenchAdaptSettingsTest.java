package io.acclimate.app.bench.adapt;

import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.adapt.settings.AdaptSettings;
import io.acclimate.app.role.RoleSettings;
import io.acclimate.gate.GateSettings;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class BenchAdaptSettingsTest {
    private static final RoleSettings DEFAULTS = RoleSettings.defaults();

    @Test
    void benchAdaptRunsTheSettingsOfAdapt() {
        assertThat(new BenchAdaptCommand().settings()).isEqualTo(DEFAULTS.adapt());
    }

    @Test
    void changedDefaultReachesBenchAdapt() {
        AdaptSettings changed = DEFAULTS.adapt()
                .withSteps(DEFAULTS.adapt().steps().withReplay(1, 64))
                .withGate(DEFAULTS.adapt().gate().withProof(0.25, 0.5));

        assertThat(new BenchAdaptCommand(DEFAULTS.withAdapt(changed)).settings())
                .isEqualTo(changed);
    }

    @Test
    void gateOfTheFlagReplacesTheRuleAndKeepsTheRest() {
        BenchAdaptCommand command = new BenchAdaptCommand();
        new CommandLine(command).parseArgs("--gate=NON_INFERIOR");

        assertThat(command.settings().gate())
                .isEqualTo(DEFAULTS.adapt().gate().withRule(GateSettings.Rule.NON_INFERIOR));
    }

    @Test
    void whatIsTrainedAndHowFastCanBeChosen() {
        BenchAdaptCommand command = new BenchAdaptCommand();
        new CommandLine(command).parseArgs("--lr=0.001", "--trainable=head");

        assertThat(command.settings())
                .isEqualTo(DEFAULTS.adapt()
                        .withTrain(DEFAULTS.adapt()
                                .train()
                                .withTrainable("head")
                                .withOptimizer(
                                        DEFAULTS.adapt().train().optimizer().withLearningRate(0.001))));
    }
}
