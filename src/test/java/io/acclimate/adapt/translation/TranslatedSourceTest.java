package io.acclimate.adapt.translation;

import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.adapt.random.PictureChanges;
import io.acclimate.adapt.random.Planes;
import io.acclimate.adapt.random.SplitMix64;
import io.acclimate.adapt.settings.StepSettings.Translation.Look;
import io.acclimate.adapt.translation.Translation.Choice;
import io.acclimate.core.FloatTensor;
import io.acclimate.core.InputSpec;
import io.acclimate.dataset.Shift;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("slow")
class TranslatedSourceTest {
    private static final int LABELS = 128;

    private static final Map<Shift, TranslatedSource> LOOKED = new ConcurrentHashMap<>();

    /** At the pictures of a domain, with their labels. More than one test asks what was found; none of them changes it. */
    private static TranslatedSource looked(TranslationFixture fixture, Shift shift) {
        return LOOKED.computeIfAbsent(shift, each -> looked(fixture, fixture.samples(each, LABELS)));
    }

    private static TranslatedSource looked(TranslationFixture fixture, List<PictureSample> samples) {
        TranslatedSource translated = new TranslatedSource(fixture.input(), 10, Look.WITH_LISTS);
        SplitMix64 random = new SplitMix64(1);
        for (int from = 0; from < samples.size(); from += 8) {
            List<PictureSample> some = samples.subList(from, Math.min(samples.size(), from + 8));
            translated.look(
                    some.stream().map(PictureSample::classIndex).toList(),
                    i -> some.get(i).row(),
                    16 * some.size(),
                    16,
                    fixture.source(),
                    random);
        }
        return translated;
    }

    private static List<PictureSample> drawn(
            TranslatedSource translated, List<PictureSample> source, List<PictureSample> like) {
        SplitMix64 random = new SplitMix64(2);
        return translated.draw(
                500,
                each(source, random),
                () -> like.get(random.below(like.size())).row(),
                random);
    }

    private static Supplier<PictureSample> each(List<PictureSample> all, SplitMix64 random) {
        return () -> all.get(random.below(all.size()));
    }

    @Test
    void theSourceModelIsAskedOnceForEachTry() {
        try (TranslationFixture fixture = new TranslationFixture()) {
            List<PictureSample> pictures = fixture.samples(Shift.INVERT, 3);
            List<Integer> asked = new ArrayList<>();

            new TranslatedSource(fixture.input(), 10, Look.WITH_LISTS)
                    .look(
                            pictures.stream().map(PictureSample::classIndex).toList(),
                            i -> pictures.get(i).row(),
                            20,
                            16,
                            (count, row) -> {
                                asked.add(count);
                                return fixture.source().classes(count, row);
                            },
                            new SplitMix64(1));

            assertThat(asked).containsExactly(20);
        }
    }

    @ParameterizedTest(name = "{0}")
    @EnumSource(names = {"INVERT", "ROTATE", "CONTRAST", "COLOUR"})
    void translatedSourcePicturesAreAsHardForTheSourceModelAsThoseOfTheDomain(Shift shift) {
        try (TranslationFixture fixture = new TranslationFixture()) {
            List<PictureSample> domain = fixture.samples(shift, LABELS);
            TranslatedSource translated = looked(fixture, shift);

            assertThat(translated.isKnown()).isTrue();
            double asHard = fixture.hits(domain) / (double) LABELS;
            List<PictureSample> rows = drawn(translated, fixture.samples(Shift.NONE, 300), domain);
            assertThat(fixture.hits(rows) / (double) rows.size())
                    .as("right, where it has %s of the domain and 0.9 of the source", asHard)
                    .isLessThan(asHard + 0.2);
        }
    }

    @ParameterizedTest(name = "{0}")
    @EnumSource(names = {"NONE", "NOISE", "BLEND", "OCCLUDE"})
    void nothingIsTranslatedWhereNoChangeLeadsToTheSource(Shift shift) {
        try (TranslationFixture fixture = new TranslationFixture()) {
            assertThat(looked(fixture, shift).isKnown()).isFalse();
        }
    }

    @ParameterizedTest(name = "noise of {0}")
    @ValueSource(doubles = {0, 3, 6})
    void faintNoisyTurnedPicturesAreFoundAndMade(double deviation) {
        try (TranslationFixture fixture = new TranslationFixture()) {
            List<PictureSample> domain = TranslationFixture.faintTurnedAndNoisy(LABELS, deviation);

            TranslatedSource translated = looked(fixture, domain);

            assertThat(translated.described().orElseThrow()).contains("turned left", "contrast");
            double asHard = fixture.hits(domain) / (double) LABELS;
            List<PictureSample> rows = drawn(translated, fixture.samples(Shift.NONE, 300), domain);
            assertThat(fixture.hits(rows) / (double) rows.size()).isLessThan(asHard + 0.2);
            TranslatedSource shifted = looked(fixture, relabelled(domain, 1));
            assertThat(shifted.shifted().orElseThrow()).contains("shifted by 1");
        }
    }

    @Test
    void faintTurnedPicturesInABlackFrameAreFoundAndMade() {
        try (TranslationFixture fixture = new TranslationFixture()) {
            List<PictureSample> domain =
                    TranslationFixture.padded(TranslationFixture.faintTurnedAndNoisy(LABELS, 3), 2);

            TranslatedSource translated = looked(fixture, domain);

            assertThat(translated.described().orElseThrow()).contains("turned left", "contrast");
            InputSpec input = fixture.input();
            PictureChanges changes = new PictureChanges(input);
            List<PictureSample> rows = drawn(translated, fixture.samples(Shift.NONE, 300), domain);
            assertThat(rows).allMatch(sample -> Box.of(changes.pixels(sample.row()), Planes.of(input))
                    .equals(new Box(2, 2, input.height() - 4, input.width() - 4)));
        }
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource({"INVERT,1", "INVERT,9", "ROTATE,1", "ROTATE,9", "CONTRAST,1"})
    void aListOfClassesThatIsOffByOneShows(Shift shift, int by) {
        try (TranslationFixture fixture = new TranslationFixture()) {
            TranslatedSource looked = looked(fixture, relabelled(fixture.samples(shift, LABELS), by));

            assertThat(looked.shifted().orElseThrow()).contains("shifted by " + by);
            assertThat(looked.isKnown()).isFalse();
        }
    }

    @ParameterizedTest(name = "{0}")
    @EnumSource
    void rightLabelsAndThoseOfAnotherOrderShowNoListThatIsOffByOne(Shift shift) {
        try (TranslationFixture fixture = new TranslationFixture()) {
            assertThat(looked(fixture, shift).shifted()).isEmpty();
            assertThat(looked(fixture, relabelled(fixture.samples(shift, LABELS), 4))
                            .shifted())
                    .isEmpty();
        }
    }

    @ParameterizedTest(name = "{0}")
    @EnumSource
    void rightLabelsOfOneClassShowNoList(Shift shift) {
        try (TranslationFixture fixture = new TranslationFixture()) {
            for (int only = 0; only < 10; only++) {
                int named = only;
                List<PictureSample> one = fixture.samples(shift, 300).stream()
                        .filter(sample -> sample.classIndex() == named)
                        .toList();
                assertThat(looked(fixture, repeated(one)).shifted())
                        .as("of class %d", only)
                        .isEmpty();
            }
        }
    }

    private static List<PictureSample> repeated(List<PictureSample> some) {
        return Stream.generate(() -> some).limit(4).flatMap(List::stream).toList();
    }

    private static List<PictureSample> relabelled(List<PictureSample> samples, int by) {
        return samples.stream()
                .map(sample -> new PictureSample(sample.row(), (sample.classIndex() + by) % 10))
                .toList();
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource({"TURN,3", "TURN,21", "ZOOM,1", "ZOOM,2", "MIRROR,1", "INVERT,1"})
    void aChangeAndTheSameTheOtherWayRoundGiveThePictureBack(Choice choice, int way) {
        try (TranslationFixture fixture = new TranslationFixture()) {
            PictureTranslation pictures = new PictureTranslation(fixture.input(), Look.WITH_LISTS);
            Translation how = Translation.NONE.with(choice, way);
            List<PictureSample> back = new ArrayList<>();
            List<PictureSample> all = fixture.samples(Shift.NONE, 200);
            for (PictureSample sample : all) {
                // The same random state turns by the same angle.
                FloatTensor there =
                        pictures.toDomain(sample.row(), () -> pictures.exposure(sample.row()), how, new SplitMix64(3));
                back.add(new PictureSample(
                        pictures.ofDomain(there).toSource(how, new SplitMix64(3)), sample.classIndex()));
            }

            assertThat(fixture.hits(back)).isGreaterThan(fixture.hits(all) - 20);
        }
    }
}
