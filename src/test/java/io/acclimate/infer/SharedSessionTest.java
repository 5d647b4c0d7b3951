package io.acclimate.infer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.acclimate.core.DomainId;
import io.acclimate.core.FloatTensor;
import io.acclimate.core.VersionId;
import io.acclimate.onnx.card.ModelCard;
import java.nio.FloatBuffer;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Counts of borrowers and of buffers, by which native memory is freed once and reused. */
class SharedSessionTest {
    private final LiveSessions live = new LiveSessions();
    private int closes;

    @Test
    void theLastReleaseClosesAndNoBorrowerComesAfterIt() {
        SharedSession session = session(() -> closes++);
        assertThat(session.retain()).isTrue();

        session.release();
        assertThat(closes).isZero();
        session.release();

        assertThat(closes).isEqualTo(1);
        assertThat(session.retain()).isFalse();
        assertThat(live.count()).isZero();
    }

    @Test
    void aReleaseTooManyIsAnExceptionThatNamesTheVersion() {
        SharedSession session = session(() -> closes++);
        session.release();

        assertThatThrownBy(session::release)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("default/7");
        assertThat(closes).isEqualTo(1);
    }

    @Test
    void aSessionThatFailsToCloseIsNotCountedAsLive() {
        SharedSession session = session(() -> {
            throw new IllegalStateException("the native session did not close");
        });

        assertThatThrownBy(session::release).hasMessageContaining("did not close");

        assertThat(live.count()).isZero();
    }

    @Test
    void aClosedSlotGivesNoLeaseAndClosesWhatIsStillSwappedIn() {
        SessionSlot slot = new SessionSlot(live);
        slot.close();

        assertThatThrownBy(() -> slot.swap(new VersionId(DomainId.DEFAULT, 7), scorer(() -> closes++)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("default/7");

        assertThat(closes).isEqualTo(1);
        assertThat(slot.acquire()).isEmpty();
        assertThat(slot.version()).isEmpty();
        assertThat(live.count()).isZero();
    }

    @Test
    void aBufferIsTakenAgainWhenItIsLargeEnough() {
        InputBuffers buffers = new InputBuffers();
        FloatBuffer first = buffers.take(100);
        first.put(new float[100]);
        buffers.give(first);

        FloatBuffer second = buffers.take(90);

        assertThat(second).isSameAs(first);
        assertThat(second.position()).as("cleared").isZero();
    }

    @Test
    void buffersInUseAreNotShared() {
        InputBuffers buffers = new InputBuffers();

        assertThat(buffers.take(10)).isNotSameAs(buffers.take(10));
    }

    /** A batch that grows row by row gets a new buffer at each doubling only. */
    @Property(tries = 50)
    void growingBatchesLeaveFewBuffersBehind(@ForAll @IntRange(min = 1, max = 3_000) int most) {
        InputBuffers buffers = new InputBuffers();
        Set<FloatBuffer> made = Collections.newSetFromMap(new IdentityHashMap<>());
        FloatBuffer last = buffers.take(1);
        made.add(last);
        for (int floats = 2; floats <= most; floats++) {
            buffers.give(last);
            FloatBuffer next = buffers.take(floats);
            assertThat(next.remaining()).isGreaterThanOrEqualTo(floats);
            assertThat(next.isDirect()).isTrue();
            made.add(next);
            last = next;
        }

        assertThat(made.size()).isLessThanOrEqualTo(2 + 32 - Integer.numberOfLeadingZeros(most));
    }

    @Test
    void sessionsRunOnOneThreadByDefaultAndOnAFewAtMost() {
        assertThat(SessionSettings.defaults().intraOpThreads()).isEqualTo(1);
        for (int bad : new int[] {0, -1, 257}) {
            assertThatThrownBy(() -> new SessionSettings(bad, SessionSettings.RunMemory.KEPT))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("1 to 256, got " + bad);
        }
    }

    private SharedSession session(Runnable close) {
        return new SharedSession(new VersionId(DomainId.DEFAULT, 7), scorer(close), 1, live);
    }

    private static Scorer scorer(Runnable close) {
        return new Scorer() {
            @Override
            public FloatTensor run(FloatTensor batch) {
                return batch;
            }

            @Override
            public ModelCard card() {
                return BiasModel.graph().card();
            }

            @Override
            public void close() {
                close.run();
            }
        };
    }
}
