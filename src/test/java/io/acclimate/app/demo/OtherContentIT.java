package io.acclimate.app.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.app.options.HttpPort;
import io.acclimate.app.role.RoleSettings;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is no picture goes through the same roles, from the topic to the prediction and from the label to training. */
class OtherContentIT {
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "PICTURES")
    void eachRecordIsPredictedAndEachLabelIsLearnt(DemoData data) throws Exception {
        DemoOptions options = new DemoOptions(RoleSettings.defaults());
        options.data = data;
        options.asked = Optional.of(200);
        options.rate = 100;
        options.labelFraction = 1;
        options.kafkaPort = 0;
        options.http.port = HttpPort.NONE;

        DemoSummary summary = new Demo(options, System.out).run(ended -> {});

        assertThat(summary.predictions()).isEqualTo(200);
        assertThat(summary.missing()).isZero();
        assertThat(summary.deadLetters()).isZero();
        assertThat(summary.labels()).isEqualTo(200);
        assertThat(summary.trainedSamples()).isPositive();
    }
}
