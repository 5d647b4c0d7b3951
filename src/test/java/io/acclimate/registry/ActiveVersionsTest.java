package io.acclimate.registry;

import static io.acclimate.registry.VersionRecords.CAMERA;
import static io.acclimate.registry.VersionRecords.activation;
import static io.acclimate.registry.VersionRecords.id;
import static io.acclimate.registry.VersionRecords.version;
import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.core.Activation;
import io.acclimate.core.Activation.Cause;
import io.acclimate.core.DomainId;
import io.acclimate.core.VersionId;
import java.util.List;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ActiveVersionsTest {
    private final ActiveVersions versions = new ActiveVersions();

    @Test
    void anActivationWaitsUntilItIsTaken() {
        Activation first = activation(1, 1, Cause.PROMOTE);

        versions.offer(first);

        assertThat(versions.waiting()).containsExactly(first);
        assertThat(versions.active(CAMERA)).isEmpty();
        versions.take(first);
        assertThat(versions.waiting()).isEmpty();
        assertThat(versions.active(CAMERA)).contains(first);
    }

    @Test
    void ofSeveralThatWaitTheNewestIsDelivered() {
        versions.offer(activation(1, 1, Cause.PROMOTE));
        versions.offer(activation(2, 2, Cause.PROMOTE));
        Activation newest = activation(3, 3, Cause.PROMOTE);

        versions.offer(newest);

        assertThat(versions.waiting()).containsExactly(newest);
    }

    @Test
    void versionThatItsTopicDoesNotKeepIsForgottenUnlessItServes() {
        versions.keep(version(1, new byte[0], 0));
        versions.keep(version(2, new byte[0], 0));
        take(activation(2, 1, Cause.PROMOTE));

        versions.forget(new VersionId(CAMERA, 1));
        versions.forget(new VersionId(CAMERA, 2));

        assertThat(versions.versions(CAMERA))
                .extracting(each -> each.id().number())
                .containsExactly(2L);
    }

    @Test
    void theLastVersionOfARetiredDomainIsForgottenOnceTheSourceModelServes() {
        versions.keep(version(2, new byte[0], 0));
        take(activation(2, 1, Cause.PROMOTE));
        versions.offer(activation(0, 2, Cause.ROLLBACK));
        versions.forget(new VersionId(CAMERA, 2));

        assertThat(versions.domains()).containsExactly(CAMERA);

        versions.take(activation(0, 2, Cause.ROLLBACK));

        assertThat(versions.versions(CAMERA)).isEmpty();
        assertThat(versions.domains()).isEmpty();
        assertThat(versions.active(CAMERA)).isPresent();
    }

    @Test
    void aDomainThatWentBackToTheSourceModelIsOneAsLongAsAVersionIsKept() {
        versions.keep(version(1, new byte[0], 0));
        take(activation(1, 1, Cause.PROMOTE));

        take(activation(0, 2, Cause.ROLLBACK));

        assertThat(versions.domains()).containsExactly(CAMERA);
    }

    @Test
    void versionsOfTheSameClassesShareTheirNames() {
        versions.keep(version(1, new byte[0], 0));
        versions.keep(version(2, new byte[0], 0));

        assertThat(versions.versions(CAMERA).get(1).classes())
                .isSameAs(versions.versions(CAMERA).get(0).classes());
    }

    @Test
    void aRepeatedOrLateActivationChangesNothing() {
        Activation second = activation(2, 2, Cause.PROMOTE);
        versions.offer(second);
        versions.take(second);

        versions.offer(second);
        versions.offer(activation(1, 1, Cause.ROLLBACK));
        versions.offer(activation(9, 2, Cause.ACTIVATE));

        assertThat(versions.waiting()).isEmpty();
        assertThat(versions.active(CAMERA)).contains(second);
    }

    @Test
    void aPromotionNeverGoesBackToALowerNumber() {
        take(activation(5, 1, Cause.PROMOTE));

        versions.offer(activation(4, 2, Cause.PROMOTE));
        versions.offer(activation(5, 3, Cause.PROMOTE));

        assertThat(versions.waiting()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(value = Cause.class, names = "PROMOTE", mode = EnumSource.Mode.EXCLUDE)
    void anOperatorsActivationAndARollbackMayGoBack(Cause cause) {
        take(activation(5, 1, Cause.PROMOTE));
        Activation back = activation(3, 2, cause);

        versions.offer(back);

        assertThat(versions.waiting()).containsExactly(back);
    }

    @Test
    void aRefusalIsRemarkedOnUntilALaterActivationIsTaken() {
        take(activation(1, 1, Cause.PROMOTE));
        Activation bad = activation(2, 2, Cause.PROMOTE);
        versions.offer(bad);

        versions.refuse(bad, "the digest differs");

        assertThat(versions.refusals()).containsExactly("camera-1/2 was refused: the digest differs");
        assertThat(versions.active(CAMERA)).contains(activation(1, 1, Cause.PROMOTE));
        assertThat(versions.waiting()).isEmpty();
        take(activation(3, 3, Cause.PROMOTE));
        assertThat(versions.refusals()).isEmpty();
    }

    @Test
    void domainsDoNotTouchEachOther() {
        take(activation(1, 7, Cause.PROMOTE));
        DomainId other = new DomainId("camera-0");
        Activation its = new Activation(
                new VersionId(other, 1), 1, Cause.PROMOTE, "better", VersionRecords.NOW, 1, VersionRecords.NOW);

        versions.offer(its);

        assertThat(versions.waiting()).containsExactly(its);
        versions.take(its);
        assertThat(versions.domains()).containsExactly(other, CAMERA);
        assertThat(versions.active()).hasSize(2);
    }

    @Test
    void theNewestVersionsAreKeptAndTheActiveOneWhateverItsAge() {
        take(activation(2, 1, Cause.PROMOTE));

        LongStream.rangeClosed(1, ActiveVersions.KEPT + 10).forEach(n -> versions.keep(version(n, new byte[0], 0)));

        assertThat(versions.versions(CAMERA)).hasSize(ActiveVersions.KEPT);
        assertThat(versions.version(id(2))).isPresent();
        assertThat(versions.version(id(1))).isEmpty();
        assertThat(versions.version(id(ActiveVersions.KEPT + 10L))).isPresent();
    }

    @Test
    void versionsAreListedByNumberWhateverTheOrderOfTheirRecords() {
        List.of(10L, 9L, 100L, 1L).forEach(n -> versions.keep(version(n, new byte[0], 0)));

        assertThat(versions.versions(CAMERA))
                .extracting(each -> each.id().number())
                .containsExactly(1L, 9L, 10L, 100L);
        assertThat(versions.versions(new DomainId("camera-10"))).isEmpty();
    }

    /** Followers that read the topic at different times must agree: any run of repeats and old records changes nothing. */
    @Property(tries = 200)
    void oldRecordsThatComeAgainLeaveTheSameActiveVersion(
            @ForAll @Size(min = 1, max = 20) List<@IntRange(min = 1, max = 9) Integer> numbers) {
        ActiveVersions once = new ActiveVersions();
        ActiveVersions again = new ActiveVersions();
        for (int i = 0; i < numbers.size(); i++) {
            offerAndTake(once, numbers, i);
        }
        for (int i = 0; i < numbers.size(); i++) {
            for (int j = 0; j <= i; j++) {
                offerAndTake(again, numbers, j);
            }
        }

        assertThat(again.active()).isEqualTo(once.active());
    }

    private static void offerAndTake(ActiveVersions to, List<Integer> numbers, int index) {
        to.offer(activation(numbers.get(index), index + 1L, index % 3 == 0 ? Cause.PROMOTE : Cause.ACTIVATE));
        to.waiting().forEach(to::take);
    }

    private void take(Activation activation) {
        versions.offer(activation);
        versions.take(activation);
    }
}
