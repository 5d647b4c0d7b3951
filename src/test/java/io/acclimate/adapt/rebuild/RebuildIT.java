package io.acclimate.adapt.rebuild;

import static io.acclimate.adapt.rebuild.RebuildFixture.CAMERA;
import static io.acclimate.adapt.rebuild.RebuildFixture.INVERTED;
import static io.acclimate.adapt.rebuild.RebuildFixture.adapting;
import static io.acclimate.adapt.rebuild.RebuildFixture.awaitTrained;
import static io.acclimate.adapt.rebuild.RebuildFixture.command;
import static io.acclimate.adapt.rebuild.RebuildFixture.live;
import static io.acclimate.adapt.rebuild.RebuildFixture.rebuild;
import static io.acclimate.adapt.rebuild.RebuildFixture.settings;
import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.adapt.settings.AdaptSettings;
import io.acclimate.adapt.settings.RetentionSettings;
import io.acclimate.adapt.worker.AdaptFixture;
import io.acclimate.adapt.worker.Adapting;
import io.acclimate.core.AdaptationEvent;
import io.acclimate.core.ClassNames;
import io.acclimate.core.ControlCommand;
import io.acclimate.core.VersionId;
import io.acclimate.onnx.ModelGraph;
import io.acclimate.onnx.rewrite.FreshRows;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** {@code -Dacclimate.rebuild.versions=200} is the long form. */
class RebuildIT {
    private static final int VERSIONS = Integer.getInteger("acclimate.rebuild.versions", 40);
    private static final long ROGUE = 500;

    @Test
    void keptMiniBatchesAndCommandsLeadToEveryVersionAgainBitForBit() {
        try (AdaptFixture fixture = new AdaptFixture()) {
            try (Adapting adapting = adapting(fixture, settings(fixture))) {
                adapting.start();
                int batches = VERSIONS + 8;
                fixture.sendBatches(CAMERA, INVERTED, 0, batches / 2);
                awaitTrained(fixture, batches / 2);
                command(fixture, new ControlCommand.Rollback("c1", CAMERA), 1);
                command(fixture, new ControlCommand.Activate("c2", CAMERA, 9_999), 2);
                command(fixture, new ControlCommand.Pause("c3", CAMERA), 3);
                fixture.sendBatches(CAMERA, INVERTED, batches / 2, 2);
                awaitTrained(fixture, batches / 2 + 2);
                command(fixture, new ControlCommand.Resume("c4", CAMERA), 4);
                command(fixture, new ControlCommand.Activate("c5", CAMERA, 3), 5);
                fixture.sendBatches(CAMERA, INVERTED, batches / 2 + 2, batches - batches / 2 - 2);
                awaitTrained(fixture, batches);
            }
            RebuildReport report = rebuild(fixture, AdaptSettings.defaults());
            System.out.println(report.equal() + " of " + report.versions().size() + " versions equal");
            assertThat(report.differences()).isEmpty();
            assertThat(report.notes()).isEmpty();
            assertThat(report.versions()).hasSizeGreaterThanOrEqualTo(VERSIONS);
            assertThat(report.versions().stream().map(Rebuilt::id).map(VersionId::number))
                    .containsExactlyElementsOf(
                            LongStream.rangeClosed(1, report.versions().size())
                                    .boxed()
                                    .toList());
        }
    }

    @Test
    void changesOfSettingsAndClassesAndTheGuardsRollbackLeadToEveryVersionAgain() throws Exception {
        ModelGraph ten = AdaptFixture.sourceModel();
        List<String> names = new ArrayList<>(ten.card().classes().names());
        Collections.reverse(names);
        names.add(0, "fox");
        ModelGraph eleven = ten.withClasses(new ClassNames(names), new FreshRows.MeanOfKept());
        try (AdaptFixture fixture = new AdaptFixture()) {
            AdaptSettings first = settings(fixture);
            live(fixture, ten, first, 0, 5);
            live(
                    fixture,
                    ten,
                    first.withTrain(first.train()
                            .withOptimizer(first.train().optimizer().withClip(0.5))),
                    5,
                    2);
            AdaptSettings head = first.withTrain(first.train().withTrainable("head"));
            live(fixture, ten, head, 7, 2);
            command(fixture, eleven, first, new ControlCommand.Activate("c1", CAMERA, 3), 1);
            live(fixture, eleven, first, 9, 3);
            command(fixture, eleven, first, new ControlCommand.Activate("c2", CAMERA, 2), 2);
            live(fixture, eleven, head, 12, 2);
            fixture.publishUniform(new VersionId(CAMERA, ROGUE), 1, 0);
            command(fixture, ten, first, new ControlCommand.Activate("c3", CAMERA, ROGUE), 3);
            live(fixture, ten, first, 14, 3);

            RebuildReport report = rebuild(fixture, AdaptSettings.defaults());

            assertThat(fixture.events(AdaptationEvent.Controlled.class, CAMERA))
                    .as("the guard's rollback is the last")
                    .hasSizeGreaterThanOrEqualTo(4)
                    .allMatch(AdaptationEvent.Controlled::applied);
            assertThat(report.notes()).isEmpty();
            assertThat(report.differences())
                    .singleElement()
                    .satisfies(each -> assertThat(each.id().number()).isEqualTo(ROGUE))
                    .satisfies(each -> assertThat(each.cause()).contains("no worker made it"));
            assertThat(report.versions()).hasSizeGreaterThan(12);
        }
    }

    @Test
    void versionsThatRetentionRemovedAreMadeAgainAndTheKeptOnesAreEqual() {
        try (AdaptFixture fixture = new AdaptFixture()) {
            AdaptSettings first = settings(fixture).withRetention(new RetentionSettings(2, 0, 0));
            live(fixture, AdaptFixture.sourceModel(), first, 0, 5);
            AdaptSettings second = first.withTrain(
                    first.train().withOptimizer(first.train().optimizer().withClip(0.5)));
            live(fixture, AdaptFixture.sourceModel(), second, 5, 6);

            RebuildReport report = rebuild(fixture, AdaptSettings.defaults());

            assertThat(report.differences()).isEmpty();
            assertThat(report.versions()).hasSizeBetween(3, 5);
            assertThat(report.notes()).anySatisfy(note -> assertThat(note)
                    .contains("versions were made again that retention has removed"));
        }
    }

    @Test
    void aRollbackToAVersionThatWasKeptThenAndIsRemovedNowIsMadeAgain() {
        ModelGraph model = AdaptFixture.sourceModel();
        try (AdaptFixture fixture = new AdaptFixture()) {
            AdaptSettings all = settings(fixture);
            live(fixture, model, all, 0, 6);
            AdaptSettings few = all.withRetention(new RetentionSettings(4, 0, 0));
            command(fixture, model, few, new ControlCommand.Rollback("c1", CAMERA), 1);
            command(fixture, model, few, new ControlCommand.Rollback("c2", CAMERA), 2);
            live(fixture, model, few, 6, 6);

            RebuildReport report = rebuild(fixture, AdaptSettings.defaults());

            assertThat(fixture.events(AdaptationEvent.Controlled.class, CAMERA))
                    .extracting(AdaptationEvent.Controlled::applied)
                    .containsExactly(true, true);
            assertThat(report.differences()).isEmpty();
            assertThat(report.versions()).hasSizeGreaterThan(3);
        }
    }

    @Test
    void namesTheVersionTheTensorAndTheCauseWhereTheChainParts() {
        try (AdaptFixture fixture = new AdaptFixture()) {
            live(fixture, AdaptFixture.sourceModel(), settings(fixture), 0, 4);
            RebuildReport report =
                    rebuild(fixture, AdaptFixture.sourceModel(), AdaptSettings.defaults(), graph -> Optional.empty());
            List<Rebuilt.Different> differences = report.differences();
            assertThat(report.versions()).hasSizeGreaterThan(1);
            assertThat(differences).hasSameSizeAs(report.versions());
            assertThat(differences.get(0).id().number()).isEqualTo(1);
            assertThat(differences.get(0).where()).startsWith("tensor ").contains(", by up to ");
            assertThat(differences.get(0).cause()).matches("the source set was \\d+ samples, [0-9a-f]+ and is none");
            assertThat(differences.get(1).cause()).isEqualTo("version 1 before it differs");
        }
    }
}
