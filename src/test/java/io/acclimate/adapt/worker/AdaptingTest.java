package io.acclimate.adapt.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.acclimate.adapt.settings.AdaptSettings;
import io.acclimate.core.FloatTensor;
import io.acclimate.infer.BiasModel;
import io.acclimate.telemetry.Health;
import io.acclimate.telemetry.Telemetry;
import io.acclimate.train.Samples;
import io.acclimate.wire.Topics;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The role as an operator sees it where no broker answers. */
@Tag("slow")
class AdaptingTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Map<String, Object> NO_BROKER =
            Map.of("bootstrap.servers", "localhost:1", "default.api.timeout.ms", 500, "request.timeout.ms", 400);

    private final Telemetry telemetry = Telemetry.inMemory();
    private final Adapting adapting = new Adapting(
            NO_BROKER, Topics.DEFAULT, BiasModel.graph(), Optional.empty(), AdaptSettings.defaults(), telemetry);

    @AfterEach
    void close() {
        adapting.close();
        telemetry.close();
    }

    private void awaitWaitingFor(String what) {
        await().atMost(LIMIT).untilAsserted(() -> assertThat(adapting.check())
                .isInstanceOfSatisfying(Health.NotReady.class, health -> assertThat(health.toString())
                        .contains(what)));
    }

    @Test
    void waitsToBeStartedAtFirst() {
        awaitWaitingFor("the adaptation worker to be started");
    }

    @Test
    void opensItsModelBeforeItIsStartedAndAsksNoBrokerForThat() {
        adapting.prepare();

        awaitWaitingFor("to be started");
    }

    @Test
    void triesAgainAndSaysWhatItWaitsForWhileNoBrokerAnswers() {
        adapting.start();

        awaitWaitingFor("Kafka: ");
    }

    @Test
    void aModelThatCannotBeTrainedIsReadyWithoutABrokerAndSaysWhyNothingIsLearnt() {
        try (Adapting without = new Adapting(
                NO_BROKER,
                Topics.DEFAULT,
                BiasModel.quantised(),
                Optional.empty(),
                AdaptSettings.defaults(),
                telemetry)) {
            without.start();

            await().atMost(LIMIT).untilAsserted(() -> assertThat(without.check())
                    .isInstanceOfSatisfying(Health.Ready.class, health -> assertThat(health.remarks())
                            .singleElement()
                            .asString()
                            .startsWith("serving without adaptation: model 'bias' cannot be trained: ")
                            .contains("DynamicQuantizeLinear")));
        }
    }

    @Test
    void aSettingThatDoesNotFitTheModelIsAMistakeAndKeepsItFromBeingReady() {
        AdaptSettings defaults = AdaptSettings.defaults();
        try (Adapting wrong = new Adapting(
                NO_BROKER,
                Topics.DEFAULT,
                BiasModel.graph(),
                Optional.empty(),
                defaults.withTrain(defaults.train().withTrainable("name:nowhere")),
                telemetry)) {
            wrong.start();

            await().atMost(LIMIT).untilAsserted(() -> assertThat(wrong.check())
                    .isInstanceOfSatisfying(Health.NotReady.class, health -> assertThat(health.waitingFor())
                            .startsWith("a model that can be trained: ")
                            .contains("name:nowhere")));
        }
    }

    @Test
    void saysThatItNeedsARestartAfterAnErrorThatNobodyExpects() {
        Samples broken = new Samples() {
            @Override
            public int size() {
                throw new UnsatisfiedLinkError("no library");
            }

            @Override
            public int label(int index) {
                return 0;
            }

            @Override
            public FloatTensor row(int index) {
                throw new UnsatisfiedLinkError("no library");
            }
        };
        try (Adapting failing = new Adapting(
                NO_BROKER,
                Topics.DEFAULT,
                BiasModel.graph(),
                Optional.of(broken),
                AdaptSettings.defaults(),
                telemetry)) {
            failing.start();

            await().atMost(LIMIT).untilAsserted(() -> assertThat(failing.check())
                    .isEqualTo(Health.notReady("a restart, because thread adapt has ended:"
                            + " java.lang.UnsatisfiedLinkError: no library")));
        }
    }

    @Test
    void closingIsHarmlessWhereNothingWasStartedAndTwice() {
        adapting.close();
        adapting.close();

        awaitWaitingFor("the adaptation worker to be started");
    }
}
