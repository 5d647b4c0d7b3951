package io.acclimate.adapt.domain;

import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.adapt.random.Effort;
import io.acclimate.adapt.rest.Resting;
import io.acclimate.core.AdaptationEvent;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A domain that rests after each of its rounds, since many other domains are used before its next one. */
class DomainWorkerRestTest {
    private static final int ROUNDS = 48;
    /** More than may be awake. */
    private static final int OTHERS = 100;
    /** Steps are made for one of two mini-batches, and for one of four when there are more samples. */
    private static final Effort LITTLE = new Effort(4);

    private final BaseModel model = Linear.model();
    private final BaseModel alone = Linear.model();
    private final DomainWorker worker = Linear.worker(model, Linear.settings());
    private final DomainWorker undisturbed = Linear.worker(alone, Linear.settings());

    @AfterEach
    void close() {
        worker.close();
        undisturbed.close();
        model.close();
        alone.close();
    }

    private void othersAreUsed() {
        for (int i = 0; i < OTHERS; i++) {
            model.awake().used(new Resting() {
                @Override
                public void rest() {}
            });
        }
    }

    private static Effort effort(long sequence) {
        return sequence == 0 ? Effort.FULL : LITTLE;
    }

    private Round learn(long sequence) {
        Round round = worker.learn(Linear.batch(sequence), sequence, effort(sequence));
        othersAreUsed();
        return round;
    }

    private static boolean trains(Round round) {
        return Linear.event(round, AdaptationEvent.Trained.class).steps() > 0;
    }

    @Test
    void itLearnsWhatOneLearnsThatNeverRests() {
        for (int sequence = 0; sequence < ROUNDS; sequence++) {
            Round round = learn(sequence);
            Round other = undisturbed.learn(Linear.batch(sequence), sequence, effort(sequence));

            assertThat(round.saved()).isEqualTo(other.saved());
            assertThat(round.events()).isEqualTo(other.events());
            assertThat(round.published().map(Round.NewVersion::weights))
                    .isEqualTo(other.published().map(Round.NewVersion::weights));
        }
        assertThat(worker.checkpoints().whole())
                .isEqualTo(undisturbed.checkpoints().whole());
    }

    @Test
    void aRoundWithoutStepsOpensNoTrainer() {
        int without = 0;
        for (int sequence = 0; sequence < ROUNDS; sequence++) {
            int before = model.trainersOpened();
            Round round = learn(sequence);

            // A snapshot has the trainer's state, and training that is watched is asked for its answers.
            if (!trains(round)
                    && round.saved() instanceof Round.Saved.Since
                    && !effort(sequence).watches(sequence)) {
                without++;
                assertThat(model.trainersOpened()).as("round %s", sequence).isEqualTo(before);
            }
        }
        assertThat(without).isGreaterThan(ROUNDS / 4);
    }
}
