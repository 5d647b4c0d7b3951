package io.acclimate.web;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.acclimate.core.Activation;
import io.acclimate.core.AdaptationEvent.Activated;
import io.acclimate.core.AdaptationEvent.Answered;
import io.acclimate.core.AdaptationEvent.Answered.Answers;
import io.acclimate.core.AdaptationEvent.Calibrated;
import io.acclimate.core.AdaptationEvent.Judged;
import io.acclimate.core.AdaptationEvent.LabelsSuspected;
import io.acclimate.core.AdaptationEvent.Restarted;
import io.acclimate.core.AdaptationEvent.Trained;
import io.acclimate.core.Bytes;
import io.acclimate.core.ClassScore;
import io.acclimate.core.ControlCommand;
import io.acclimate.core.Coordinates;
import io.acclimate.core.Digest;
import io.acclimate.core.DomainId;
import io.acclimate.core.GateDecision;
import io.acclimate.core.ImageId;
import io.acclimate.core.ModelVersion;
import io.acclimate.core.Prediction;
import io.acclimate.core.SettableClock;
import io.acclimate.core.VersionId;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import javax.imageio.ImageIO;

/** What the tests show on the page: a feed as a short demo would have filled it, and versions that remember commands. */
final class Fed {
    static final Instant START = Instant.parse("2026-01-01T12:00:00Z");
    static final DomainId DOMAIN = DomainId.DEFAULT;
    static final DomainId NIGHT = new DomainId("night");
    private static final List<String> CLASSES = List.of("Sneaker", "Bag", "Ankle boot", "Shirt", "Dress");

    private Fed() {}

    static LiveFeed feed() {
        SettableClock clock = new SettableClock(START);
        LiveFeed feed = new LiveFeed(clock, () -> clock.millis() * 1_000_000);
        for (int i = 0; i < 120; i++) {
            Instant at = START.plusMillis(500L * i);
            clock.set(at);
            int version = i < 20 ? 0 : i < 50 ? 1 : i < 80 ? 2 : 3;
            double wobble = 0.03 * Math.sin(i * 0.7);
            feed.accuracy(
                    at,
                    OptionalDouble.of(0.78 - 0.6 * Math.exp(-i / 30.0) + wobble),
                    i < 3 ? OptionalDouble.empty() : OptionalDouble.of(0.15 + wobble / 2));
            feed.throughput(at, 95 + 10 * wobble, 9 + 40 * Math.abs(wobble), 40 + 400 * Math.abs(wobble));
            String truth = CLASSES.get(i % 5);
            feed.prediction(
                    prediction(i, i % 4 == 0 ? "Coat" : truth, version),
                    Optional.of(picture(i)),
                    i % 3 == 0 ? Optional.empty() : Optional.of(truth));
            feed.event(new Trained(DOMAIN, at, i, 32, 4, version, 20, 5, steps(i), 0, losses(i)));
            if (i == 20 || i == 50 || i == 80) {
                feed.event(
                        new Judged(DOMAIN, at, version, version - 1, new GateDecision.Promote(), 0.61, 0.4, 0.15, 128));
                Activation activation = new Activation(
                        new VersionId(DOMAIN, version),
                        version,
                        Activation.Cause.PROMOTE,
                        "not worse on the holdout",
                        at,
                        32L * i,
                        at);
                feed.event(new Activated(DOMAIN, at, activation, version - 1));
            }
        }
        feed.event(new Judged(
                DOMAIN,
                START.plusSeconds(60),
                4,
                3,
                new GateDecision.Reject(List.of("holdout accuracy 0.52 is below the active version's 0.61")),
                0.52,
                0.61,
                0.15,
                128));
        return feed;
    }

    /** Training was paused for eight rounds. */
    private static int steps(int round) {
        return round >= 60 && round < 68 ? 0 : 8;
    }

    /** Source rows came after ten rounds. */
    private static Map<String, Double> losses(int round) {
        if (steps(round) == 0) {
            return Map.of();
        }
        double total = 0.9 + Math.max(0, 20 - round) / 32.0;
        return round < 10
                ? Map.of("total", total, "target", total)
                : Map.of("total", total, "target", 0.65, "source", (200 - round) / 512.0);
    }

    /** The same, with what a longer and worse life leaves behind: another domain, a restart, temperatures, labels class by class, dead letters, lag. */
    static LiveFeed full() {
        LiveFeed feed = feed();
        for (int i = 0; i < 40; i++) {
            Instant at = START.plusSeconds(i);
            feed.event(new Answered(
                    DOMAIN,
                    at,
                    i,
                    3,
                    at.minusSeconds(90),
                    at.minusSeconds(2),
                    List.of(
                            new Answers("Bag", "Bag", "Bag", 6),
                            new Answers("Bag", "Shirt", "Coat", 2),
                            new Answers("Coat", "Coat", "Bag", 10),
                            new Answers("Shirt", "Coat", "Bag", 6))));
        }
        feed.event(new LabelsSuspected(DOMAIN, START.plusSeconds(50), 100, "RANDOM", "labels agree with nothing"));
        feed.event(new Trained(NIGHT, START, 0, 20, 4, 0, 10, 10, 20, 0, Map.of("total", 0.5)));
        feed.event(new Restarted(DOMAIN, START.plusSeconds(34), 68, 2, 0.5, "the loss was not finite for 3 rounds"));
        feed.event(new Calibrated(DOMAIN, START.plusSeconds(10), 1, 1.25, 80, Double.NaN, Double.NaN));
        feed.event(new Calibrated(DOMAIN, START.plusSeconds(25), 2, 1.5, 160, 0.125, 0.0625));
        feed.deadLetter(refused(1, "UNDECODABLE_IMAGE", Optional.of(picture(3))));
        feed.deadLetter(refused(2, "UNKNOWN_CLASS", Optional.empty()));
        feed.deadLetter(refused(3, "UNKNOWN_CLASS", Optional.of(Bytes.wrap("a sentence".getBytes(UTF_8)))));
        feed.lags(
                List.of(
                        new Lags.Stage("serve", "acclimate-serve", "images", 12),
                        new Lags.Stage("adapt", "acclimate-adapt", "mini-batches", 3_456)),
                "");
        return feed;
    }

    private static RefusedRecord refused(long offset, String reason, Optional<Bytes> value) {
        return new RefusedRecord(
                START,
                new Coordinates("dead-letters", 2, 10 + offset),
                new Coordinates("labels", 0, offset),
                "minibatch",
                reason,
                "no class is named <b>Cap</b>",
                "img-" + offset,
                "default",
                value);
    }

    static Prediction prediction(int number, String label, long version) {
        return new Prediction(
                new ImageId("img-" + number),
                DOMAIN,
                List.of(new ClassScore(1, label, 0.83f)),
                version,
                new Coordinates("images", 0, number),
                START.plusMillis(500L * number),
                Duration.ofMillis(12));
    }

    static Bytes picture(int seed) {
        BufferedImage image = new BufferedImage(32, 32, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        graphics.setColor(Color.getHSBColor(seed / 17f, 0.5f, 0.9f));
        graphics.fillRect(0, 0, 32, 32);
        graphics.setColor(Color.getHSBColor(seed / 17f + 0.5f, 0.6f, 0.4f));
        graphics.fillOval(4 + seed % 8, 6, 20, 14 + seed % 6);
        graphics.dispose();
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        try {
            ImageIO.write(image, "png", png);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Bytes.wrap(png.toByteArray());
    }

    /** Knows versions 1 to 3 of one domain, and a fourth one where a test says its number. */
    static final class Versions implements VersionsApi {
        final Queue<ControlCommand> commands = new ConcurrentLinkedQueue<>();
        final Queue<String> resent = new ConcurrentLinkedQueue<>();
        /** What versions say of themselves, by number, where it is not what all say. */
        final Map<Long, Map<String, String>> provenance = new ConcurrentHashMap<>();

        /** The number of a version of the domain beside the first three. */
        final AtomicLong fourth = new AtomicLong();

        @Override
        public Collection<DomainId> domains() {
            return List.of(DOMAIN);
        }

        @Override
        public Collection<ModelVersion> versions(DomainId domain) {
            if (!domain.equals(DOMAIN)) {
                return List.of();
            }
            List<ModelVersion> all = new ArrayList<>(List.of(version(3), version(1), version(2)));
            if (fourth.get() > 0) {
                all.add(version(fourth.get()));
            }
            return all;
        }

        @Override
        public Optional<Activation> active(DomainId domain) {
            return domain.equals(DOMAIN)
                    ? Optional.of(new Activation(
                            new VersionId(DOMAIN, 3), 3, Activation.Cause.PROMOTE, "better", START, 96, START))
                    : Optional.empty();
        }

        @Override
        public void submit(ControlCommand command) {
            commands.add(command);
        }

        @Override
        public Optional<String> resend(int partition, long offset) {
            resent.add(partition + ":" + offset);
            return offset == 99 ? Optional.of("there is no dead letter 0:99") : Optional.empty();
        }

        private ModelVersion version(long number) {
            return new ModelVersion(
                    new VersionId(DOMAIN, number),
                    number - 1,
                    Digest.of(new byte[] {1}),
                    List.of("cat", "dog"),
                    Digest.of(new byte[] {(byte) number}),
                    new Coordinates("model-weights", 0, number),
                    1,
                    250_000,
                    START,
                    provenance.getOrDefault(number, Map.of("seed", "1")));
        }
    }
}
