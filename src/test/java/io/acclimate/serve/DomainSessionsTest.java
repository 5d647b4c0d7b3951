package io.acclimate.serve;

import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.core.DomainId;
import io.acclimate.core.FloatTensor;
import io.acclimate.core.VersionId;
import io.acclimate.infer.BiasModel;
import io.acclimate.infer.InputBuffers;
import io.acclimate.infer.Lease;
import io.acclimate.infer.LiveSessions;
import io.acclimate.infer.Scores;
import io.acclimate.infer.SessionSettings;
import io.acclimate.onnx.ModelGraph;
import io.acclimate.onnx.WeightDelta;
import io.acclimate.telemetry.Telemetry;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DomainSessionsTest {
    private static final FloatTensor ROW =
            FloatTensor.wrap(BiasModel.INPUT.row().prepend(1), new float[192]);
    private static final int MOST = DomainSessions.RESIDENT + DomainSessions.OPEN;

    private final Telemetry telemetry = Telemetry.prometheus();
    private final LiveSessions live = new LiveSessions();
    private final ModelGraph graph = BiasModel.graph();
    private final DomainSessions sessions =
            new DomainSessions(SessionSettings.defaults(), live, new InputBuffers(), telemetry);

    @AfterEach
    void close() {
        sessions.close();
        telemetry.close();
        assertThat(live.count()).isZero();
    }

    private static DomainId domain(int number) {
        return new DomainId("camera-" + number);
    }

    /** Its version answers {@code number} modulo 5. */
    private void version(int number, long version) throws Exception {
        WeightDelta weights = BiasModel.version(number % BiasModel.CLASSES);
        sessions.swap(
                sessions.keep(new VersionId(domain(number), version), graph, weights, 1),
                sessions.open(domain(number), graph, weights));
    }

    private void assertAnswers(int number, long version) {
        try (Lease lease = sessions.acquire(domain(number)).orElseThrow()) {
            FloatTensor scores = lease.run(ROW);
            assertThat(lease.version()).isEqualTo(new VersionId(domain(number), version));
            assertThat(Scores.best(scores, 0)).isEqualTo(number % BiasModel.CLASSES);
        }
    }

    private String reopened() {
        return telemetry
                .scrape()
                .lines()
                .filter(line -> line.startsWith("acclimate_reopen_time_seconds_count"))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void ofManyDomainsOnlySomeHaveAnOpenSessionAndEachIsAnswered() throws Exception {
        for (int i = 0; i < MOST + 6; i++) {
            version(i, 1);
        }
        assertThat(live.count()).isEqualTo(MOST);

        for (int i = 0; i < MOST + 6; i++) {
            assertAnswers(i, 1);
        }

        assertThat(live.count()).isEqualTo(MOST);
        assertThat(sessions.count()).isEqualTo(MOST + 6);
        // Each of those that are not resident was closed before its turn came.
        assertThat(reopened()).endsWith(" " + (DomainSessions.OPEN + 6));
    }

    @Test
    void theFirstDomainsKeepTheirSessions() throws Exception {
        for (int i = 0; i < MOST + 6; i++) {
            version(i, 1);
        }

        for (int i = 0; i < DomainSessions.RESIDENT; i++) {
            assertAnswers(i, 1);
        }

        assertThat(reopened()).endsWith(" 0");
    }

    @Test
    void theNewestVersionIsOpenedAgain() throws Exception {
        for (int i = 0; i < MOST; i++) {
            version(i, 1);
        }
        version(DomainSessions.RESIDENT, 2);
        for (int i = MOST; i < MOST + DomainSessions.OPEN; i++) {
            version(i, 1);
        }

        assertAnswers(DomainSessions.RESIDENT, 2);
    }

    /** The place of weights that were replaced is taken by others while a session is opened from it. */
    @Test
    void eachVersionAnswersWithItsOwnWeightsWhileOthersTakeThePlacesOfTheOldOnes() throws Exception {
        int domains = MOST + 8;
        for (int i = 0; i < domains; i++) {
            swapTo(i, 1);
        }
        AtomicBoolean swapping = new AtomicBoolean(true);
        ExecutorService workers = Executors.newFixedThreadPool(2);
        try {
            List<Future<Integer>> answers = Stream.of(1, 2)
                    .map(seed -> workers.submit(() -> answerUntilDone(domains, swapping, new SplittableRandom(seed))))
                    .toList();
            for (long version = 2; version <= 6; version++) {
                for (int i = 0; i < domains; i++) {
                    swapTo(i, version);
                }
            }
            swapping.set(false);
            for (Future<Integer> each : answers) {
                assertThat(each.get()).isPositive();
            }
        } finally {
            swapping.set(false);
            workers.shutdown();
        }
    }

    /** Its version answers the sum of both modulo 5. */
    private void swapTo(int number, long version) throws Exception {
        WeightDelta weights = BiasModel.version((number + version) % BiasModel.CLASSES);
        sessions.swap(
                sessions.keep(new VersionId(domain(number), version), graph, weights, 1),
                sessions.open(domain(number), graph, weights));
    }

    private int answerUntilDone(int domains, AtomicBoolean swapping, SplittableRandom random) {
        int answers = 0;
        while (swapping.get() || answers == 0) {
            int number = random.nextInt(domains);
            try (Lease lease = sessions.acquire(domain(number)).orElseThrow()) {
                long version = lease.version().number();
                assertThat(Scores.best(lease.run(ROW), 0))
                        .as("version %d of %d", version, number)
                        .isEqualTo((int) ((number + version) % BiasModel.CLASSES));
            }
            answers++;
        }
        return answers;
    }

    @Test
    void aSessionThatIsInUseIsClosedAfterItsLastLease() throws Exception {
        for (int i = 0; i < MOST; i++) {
            version(i, 1);
        }
        int eldest = DomainSessions.RESIDENT;
        try (Lease lease = sessions.acquire(domain(eldest)).orElseThrow()) {
            for (int i = MOST; i < MOST + DomainSessions.OPEN; i++) {
                version(i, 1);
            }

            assertThat(live.count()).isEqualTo(MOST + 1);
            assertThat(Scores.best(lease.run(ROW), 0)).isEqualTo(eldest % BiasModel.CLASSES);
        }
        assertThat(live.count()).isEqualTo(MOST);
    }

    @Test
    void aDomainThatIsRemovedHasNoVersion() throws Exception {
        version(1, 1);

        sessions.remove(domain(1));

        assertThat(sessions.acquire(domain(1))).isEmpty();
        assertThat(sessions.has(domain(1))).isFalse();
        assertThat(live.count()).isZero();
    }
}
