package io.acclimate.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.core.AdaptationEvent;
import io.acclimate.core.Bytes;
import io.acclimate.core.DomainId;
import io.acclimate.core.Prediction;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LiveFeedTest {
    @Test
    void aLateViewerGetsAllAndThenOnlyNews() {
        LiveFeed feed = Fed.feed();
        LiveView snapshot = feed.snapshot();

        assertThat(snapshot.accuracy()).hasSize(120);
        assertThat(snapshot.accuracy().get(0))
                .startsWith((double) Fed.START.toEpochMilli())
                .endsWith(Double.NaN);
        assertThat(snapshot.images()).hasSize(24);
        assertThat(snapshot.cards())
                .extracting(LiveView.Card::kind)
                .containsExactly("promote", "active", "promote", "active", "promote", "active", "reject");
        assertThat(snapshot.status().predictions()).isEqualTo(120);
        assertThat(snapshot.status().trainedSamples()).isEqualTo(120L * 28);
        assertThat(snapshot.status().active()).containsEntry("default", 3L);

        feed.accuracy(Instant.EPOCH, OptionalDouble.of(0.5), OptionalDouble.of(0.4));
        LiveView news = feed.after(snapshot.seq());
        assertThat(news.accuracy()).containsExactly(java.util.List.of(0.0, 0.5, 0.4));
        assertThat(news.cards()).isEmpty();
        assertThat(news.images()).isEmpty();
    }

    @Test
    void staysBoundedAndKeepsTheEndsOfACurve() {
        LiveFeed feed = new LiveFeed();
        for (int i = 0; i < 50_000; i++) {
            feed.accuracy(Instant.ofEpochMilli(i), OptionalDouble.of(0.5), OptionalDouble.empty());
            feed.prediction(Fed.prediction(i, "Bag", 0), Optional.empty(), Optional.empty());
        }
        LiveView view = feed.snapshot();
        assertThat(view.accuracy()).hasSizeBetween(Timeline.LIMIT / 2, Timeline.LIMIT);
        assertThat(view.accuracy().get(0).get(0)).isZero();
        assertThat(view.accuracy().get(view.accuracy().size() - 1).get(0)).isEqualTo(49_999.0);
        assertThat(view.images()).hasSizeLessThanOrEqualTo(24);
        assertThat(view.status().predictions()).isEqualTo(50_000);
    }

    @Test
    void aDomainIsKnownFromItsFirstPrediction() {
        LiveFeed feed = new LiveFeed();
        assertThat(feed.domains()).isEmpty();

        feed.prediction(Fed.prediction(1, "Bag", 0), Optional.empty(), Optional.empty());

        assertThat(feed.domains()).containsExactly(Fed.DOMAIN);
    }

    @Test
    void aRetiredDomainIsNamedNoMoreUntilItIsServedAgain() {
        LiveFeed feed = Fed.feed();
        assertThat(feed.domains()).containsExactly(Fed.DOMAIN);

        feed.event(new AdaptationEvent.Controlled(Fed.DOMAIN, Fed.START, "id", "retire", true, "retired"));

        assertThat(feed.domains()).isEmpty();
        assertThat(feed.snapshot().status().active()).isEmpty();
        feed.prediction(Fed.prediction(1, "Bag", 0), Optional.empty(), Optional.empty());
        assertThat(feed.domains()).containsExactly(Fed.DOMAIN);
    }

    @Test
    void namesABoundedNumberOfDomainsAndCutsLongMessages() {
        LiveFeed feed = new LiveFeed();
        for (int i = 0; i < 1_000; i++) {
            Prediction each = Fed.prediction(i, "Bag", i);
            feed.prediction(
                    new Prediction(
                            each.imageId(),
                            new DomainId("made-up-" + i),
                            each.topK(),
                            each.modelVersion(),
                            each.input(),
                            each.eventTime(),
                            each.took()),
                    Optional.empty(),
                    Optional.empty());
        }
        feed.event(new AdaptationEvent.Discarded(Fed.DOMAIN, Fed.START, 1, List.of("x".repeat(1_000_000))));

        LiveView view = feed.snapshot();
        assertThat(view.status().active()).hasSize(50).containsEntry("made-up-0", 0L);
        assertThat(view.cards()).singleElement().satisfies(card -> assertThat(card.detail())
                .hasSizeLessThan(2_000));
    }

    @Test
    void aResetIsShownWithItsReason() {
        LiveFeed feed = new LiveFeed();

        feed.event(new AdaptationEvent.Reset(Fed.DOMAIN, Fed.START, 7, 3, "no longer proven"));

        assertThat(feed.snapshot().cards()).singleElement().satisfies(card -> {
            assertThat(card.kind()).isEqualTo("reset");
            assertThat(card.detail()).isEqualTo("no longer proven");
        });
    }

    @Test
    void aRestartOfTrainingIsShownWithItsReason() {
        LiveFeed feed = new LiveFeed();

        feed.event(new AdaptationEvent.Restarted(Fed.DOMAIN, Fed.START, 7, 3, 0.5, "diverged"));

        assertThat(feed.snapshot().cards()).singleElement().satisfies(card -> {
            assertThat(card.kind()).isEqualTo("restart");
            assertThat(card.title()).isEqualTo("Training starts again from version 3");
            assertThat(card.detail()).isEqualTo("diverged");
        });
    }

    @Test
    void aChangeOfTheDomainIsShownWithWhatItCosts() {
        LiveFeed feed = new LiveFeed();

        feed.event(new AdaptationEvent.Drifted(Fed.DOMAIN, Fed.START, 21, 4, 48, 0.75, 0.5));

        assertThat(feed.snapshot().cards()).singleElement().satisfies(card -> {
            assertThat(card.kind()).isEqualTo("drift");
            assertThat(card.detail()).isEqualTo("version 4: 50.0% of the last 48 labels right, 75.0% before");
        });
    }

    @Test
    void aLabelShiftIsShownWithTheSharesOfTheClassesThatChangedMost() {
        LiveFeed feed = new LiveFeed();
        AdaptationEvent.Drifted.Change change = new AdaptationEvent.Drifted.Change(
                AdaptationEvent.Drifted.Change.Kind.LABEL_SHIFT,
                0.001,
                0.001,
                0.5,
                List.of(new AdaptationEvent.Drifted.Change.Share("bag", 0.25, 0.75, 0.7)));

        feed.event(new AdaptationEvent.Drifted(Fed.DOMAIN, Fed.START, 21, 4, 48, 0.75, 0.5, Optional.of(change)));

        assertThat(feed.snapshot().cards()).singleElement().satisfies(card -> {
            assertThat(card.title()).isEqualTo("the domain has changed: classes have other shares, and look as before");
            assertThat(card.detail()).endsWith("75.0% before; bag 25.0% → 75.0%");
        });
    }

    @Test
    void nothingIsInShadowAnyMoreAfterTrainingWithoutShadowMode() {
        LiveFeed feed = new LiveFeed();
        feed.event(trained(Optional.of(new AdaptationEvent.Trained.Shadow(4, 24))));

        feed.event(trained(Optional.empty()));

        assertThat(feed.snapshot().status().shadow()).isEmpty();
    }

    private static AdaptationEvent.Trained trained(Optional<AdaptationEvent.Trained.Shadow> shadow) {
        return new AdaptationEvent.Trained(Fed.DOMAIN, Fed.START, 7, 32, 4, 0, 8, 8, 4, 0, Map.of(), 0, shadow);
    }

    @Test
    void shadowModeIsShownWithTheVersionThatWouldServeAndItsAccuracy() {
        LiveFeed feed = new LiveFeed();

        feed.event(new AdaptationEvent.Shadowed(Fed.DOMAIN, Fed.START, 4, 3, "promoted by the gate"));
        feed.event(trained(Optional.of(new AdaptationEvent.Trained.Shadow(4, 24))));
        feed.shadow(Fed.START, 0.75);

        LiveView view = feed.snapshot();
        assertThat(view.cards()).singleElement().satisfies(card -> {
            assertThat(card.kind()).isEqualTo("shadow");
            assertThat(card.title()).isEqualTo("Version 4 in shadow, was 3");
        });
        assertThat(view.status().shadow()).containsEntry(Fed.DOMAIN.value(), 4L);
        assertThat(view.status().active()).isEmpty();
        assertThat(view.shadow()).containsExactly(List.of((double) Fed.START.toEpochMilli(), 0.75));
    }

    @Test
    void aDomainsViewHasTheShadowOfNoOtherDomain() {
        LiveFeed feed = new LiveFeed();
        feed.event(inShadow(Fed.DOMAIN, 24));
        feed.event(inShadow(Fed.NIGHT, 8));

        LiveView view = feed.after(0, Optional.of(Fed.NIGHT));

        assertThat(view.shadow()).containsExactly(List.of((double) Fed.START.toEpochMilli(), 0.25));
    }

    private static AdaptationEvent inShadow(DomainId domain, int correct) {
        var shadow = Optional.of(new AdaptationEvent.Trained.Shadow(4, correct));
        return new AdaptationEvent.Trained(domain, Fed.START, 7, 32, 4, 0, 8, 8, 4, 0, Map.of(), 0, shadow);
    }

    @Test
    void labelsThatLookWrongAreShownWithTheEvidence() {
        LiveFeed feed = new LiveFeed();

        feed.event(new AdaptationEvent.LabelsSuspected(Fed.DOMAIN, Fed.START, 7, "RANDOM", "no tie"));

        assertThat(feed.snapshot().cards()).singleElement().satisfies(card -> {
            assertThat(card.kind()).isEqualTo("labels");
            assertThat(card.detail()).isEqualTo("no tie");
        });
    }

    @Test
    void predictionsWithoutTheirPictureDoNotPushPicturesOut() {
        LiveFeed feed = new LiveFeed();
        feed.prediction(Fed.prediction(1, "Bag", 0), Optional.of(Fed.picture(1)), Optional.empty());
        for (int i = 0; i < 100; i++) {
            feed.prediction(Fed.prediction(i, "Bag", 0), Optional.empty(), Optional.empty());
        }
        assertThat(feed.snapshot().images()).extracting(LiveView.Image::id).containsExactly("img-1");
    }

    @Test
    void fault24PicturesComeAtTheirPaceWhileTheClockGoesBack() {
        AtomicLong nanos = new AtomicLong();
        LiveFeed feed = new LiveFeed(Clock.fixed(Fed.START, ZoneOffset.UTC), nanos::get);
        for (int i = 0; i < 10; i++) {
            feed.prediction(Fed.prediction(i, "Bag", 0), Optional.of(Fed.picture(i)), Optional.empty());
            nanos.addAndGet(Duration.ofMillis(100).toNanos());
        }
        assertThat(feed.snapshot().images())
                .extracting(LiveView.Image::id)
                .containsExactly("img-0", "img-2", "img-4", "img-6", "img-8");
    }

    @Test
    void showsOnlyWhatIsAPicture() {
        LiveFeed feed = new LiveFeed();
        feed.prediction(
                Fed.prediction(1, "Bag", 0),
                Optional.of(io.acclimate.core.Bytes.utf8("<svg onload=alert(1)>")),
                Optional.empty());
        assertThat(feed.snapshot().images()).extracting(LiveView.Image::url).containsExactly("");
    }

    @Test
    void aTextIsShownByItsBeginningAndWhatIsNeitherTextNorPictureIsNot() {
        LiveFeed feed = new LiveFeed(Clock.systemUTC(), new AtomicLong()::incrementAndGet);
        String text = "<b>Where is my kettle?</b> ".repeat(10);

        feed.prediction(Fed.prediction(1, "delivery", 0), Optional.of(Bytes.utf8(text)), Optional.empty());

        LiveView.Image shown = feed.snapshot().images().get(0);
        assertThat(shown.text()).isEqualTo(text.substring(0, 120) + "…");
        assertThat(shown.url()).isEmpty();
        LiveFeed numbers = new LiveFeed();
        numbers.prediction(Fed.prediction(1, "no", 0), Optional.of(Bytes.wrap(new byte[16])), Optional.empty());
        assertThat(numbers.snapshot().images().get(0).text()).isEmpty();
    }
}
