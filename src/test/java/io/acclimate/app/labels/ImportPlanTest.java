package io.acclimate.app.labels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.acclimate.app.labels.ImageReference.Rule;
import io.acclimate.app.labels.ImportPlan.Label;
import io.acclimate.app.labels.ImportPlan.Match;
import io.acclimate.app.labels.ImportPlan.Without;
import io.acclimate.core.ClassNames;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ImportPlanTest {
    private static final ClassNames CLASSES = new ClassNames(List.of("Ankle boot", "T-shirt/top", "7", "a b", "A-B"));

    private final ClassMatch match = new ClassMatch(CLASSES, Map.of(), false);
    private final ImportPlan plan = new ImportPlan(Rule.STEM, "cam-");

    private static Marking marking(String image, String... names) {
        return Marking.of(
                ImageReference.file(image),
                Set.copyOf(List.of(names).stream().map(ToolClass::named).toList()));
    }

    @Test
    void aNameMayDifferInCaseSpacesHyphensAndUnderscores() {
        assertThat(match.of(ToolClass.named("Ankle boot"))).hasValue(0);
        assertThat(match.of(ToolClass.named("ankle_boot"))).hasValue(0);
        assertThat(match.of(ToolClass.named(" ANKLE--Boot"))).hasValue(0);
        assertThat(match.of(ToolClass.named("boot"))).isEmpty();
    }

    @Test
    void aNameThatIsLikeTwoClassesMatchesNeither() {
        assertThat(match.of(ToolClass.named("a_b"))).isEmpty();
        assertThat(match.of(ToolClass.named("a b"))).hasValue(3);
    }

    @Test
    void anIdOfTheToolIsNoClassAndNoIndexUnlessItIsMapped() {
        assertThat(match.of(ToolClass.numbered("7"))).isEmpty();
        assertThat(match.of(ToolClass.numbered("1"))).isEmpty();
        assertThat(new ClassMatch(CLASSES, Map.of("1", "Ankle boot"), true).of(ToolClass.numbered("1")))
                .hasValue(0);
    }

    @Test
    void digitsOfACsvAreANameAndAnIndexOnlyOnDemand() {
        ClassMatch indices = new ClassMatch(CLASSES, Map.of(), true);

        assertThat(match.of(ToolClass.digits("7"))).hasValue(2);
        assertThat(match.of(ToolClass.digits("1"))).isEmpty();
        assertThat(indices.of(ToolClass.digits("1"))).hasValue(1);
        assertThat(indices.of(ToolClass.digits("5"))).isEqualTo(OptionalInt.empty());
    }

    @Test
    void aMapToNoClassIsRefused() {
        assertThatThrownBy(() -> new ClassMatch(CLASSES, Map.of("boot", "Boot"), false))
                .hasMessage("'Boot', to which --map maps 'boot', is no class of the model");
    }

    @Test
    void eachImageWithOneClassOfTheModelGetsALabelOnce() {
        plan.add(marking("1.png", "ankle boot"));
        plan.add(marking("1.png", "ankle boot"));
        plan.add(marking("2.png", "T-shirt/top"));
        plan.add(marking("3.png", "hat"));

        ImportPlan.Result result = plan.decide(match);

        assertThat(result.labels()).containsExactly(new Label("cam-1", 0), new Label("cam-2", 1));
        assertThat(result.matched()).isEqualTo(Map.of(new Match("ankle boot", 0), 1, new Match("T-shirt/top", 1), 1));
        assertThat(result.unmatched()).isEqualTo(Map.of(ToolClass.named("hat"), 1));
        assertThat(result.images()).isEqualTo(3);
    }

    @Test
    void anImageWithoutOneClassIsReportedByItsReason() {
        plan.add(marking("1.png"));
        plan.add(new Marking(ImageReference.file("2.png"), Set.of(), true));
        plan.add(marking("3.png", "7"));
        plan.add(marking("3.png", "a b"));
        plan.add(marking("left/4.png", "7"));
        plan.add(marking("right/4.png", "7"));
        plan.add(marking("", "7"));
        plan.add(marking("x".repeat(253), "7"));

        ImportPlan.Result result = plan.decide(match);

        assertThat(result.labels()).isEmpty();
        assertThat(result.without())
                .isEqualTo(Map.of(
                        Without.UNLABELLED, List.of("cam-1"),
                        Without.SKIPPED, List.of("cam-2"),
                        Without.SEVERAL_CLASSES, List.of("cam-3"),
                        Without.SHARED_ID, List.of("cam-4"),
                        Without.INVALID_ID, List.of("", "cam-" + "x".repeat(253))));
    }
}
