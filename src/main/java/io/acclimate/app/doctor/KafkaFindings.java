package io.acclimate.app.doctor;

import io.acclimate.app.role.RoleSettings;
import io.acclimate.kafka.BrokerProbe;
import io.acclimate.kafka.BrokersText;
import io.acclimate.kafka.Causes;
import io.acclimate.kafka.TopicReview;
import io.acclimate.wire.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;

/** Findings about brokers, topics, rights and clocks. Stateless; it takes at most some seconds. */
final class KafkaFindings {
    private static final Duration AHEAD = Duration.ofMinutes(1);

    private KafkaFindings() {}

    static List<Finding> of(Map<String, Object> client, Topics topics, Instant now) {
        try {
            Optional<String> problem = BrokerProbe.problem(client);
            if (problem.isPresent()) {
                return List.of(
                        Finding.fail("kafka", problem.get(), "Until then its topics and rights cannot be looked at."));
            }
            List<Finding> all = new ArrayList<>();
            all.add(Finding.ok(
                    "kafka", "answers at " + client.get("bootstrap.servers") + ": " + BrokersText.of(client)));
            all.addAll(of(TopicReview.of(client, topics, groups(topics)), now));
            return all;
        } catch (KafkaException e) {
            return List.of(Finding.fail("kafka", Causes.messages(e), remedy(e)));
        }
    }

    /** The groups of the roles, as they are without another setting. */
    private static List<String> groups(Topics topics) {
        RoleSettings defaults = RoleSettings.defaults();
        return Stream.of(
                        defaults.serve().membership(),
                        defaults.miniBatch().membership(),
                        defaults.adapt().membership())
                .map(each -> topics.prefix() + each.group())
                .toList();
    }

    private static String remedy(Throwable failure) {
        Throwable cause = failure.getCause();
        if (failure instanceof AuthenticationException || cause instanceof AuthenticationException) {
            return "Check security.protocol, sasl.mechanism, sasl.jaas.config and ssl.truststore.location"
                    + " (-K NAME=VALUE or --command-config FILE).";
        }
        if (failure instanceof AuthorizationException || cause instanceof AuthorizationException) {
            return "Grant this user the right; ops/security.md lists what each role needs.";
        }
        return "Check the properties of the client: -K NAME=VALUE or --command-config FILE.";
    }

    static List<Finding> of(TopicReview review, Instant now) {
        List<Finding> all = new ArrayList<>();
        if (review.missing().isEmpty()) {
            all.add(Finding.ok("topics", review.present().size() + " topics exist"));
        } else {
            all.add(
                    Finding.warn(
                            "topics",
                            "missing: " + String.join(", ", review.missing()),
                            "The roles create them when they start, if their user has CREATE on the cluster; otherwise create them first."));
        }
        review.wrong()
                .forEach(wrong -> all.add(Finding.fail(
                        "topics", wrong, "Delete the topic if it is empty, or give another --topic-prefix.")));
        review.low().forEach(low -> all.add(Finding.warn("topics", low, "Run the command that the line ends with.")));
        review.fragile()
                .forEach(fragile ->
                        all.add(Finding.warn("topics", fragile, "Use 3 replicas with min.insync.replicas=2.")));
        if (review.denied().isEmpty()) {
            all.add(
                    Finding.ok(
                            "rights",
                            "this user may read and write all topics that exist, join the groups of the roles and use their transactions"));
        } else {
            all.add(Finding.warn(
                    "rights",
                    "this user lacks " + String.join(", ", review.denied()),
                    "Grant what the role needs; ops/security.md lists it for each role."));
        }
        all.addAll(clocks(review.newest(), now));
        return all;
    }

    /** A record from the future keeps windows and retention waiting for it. */
    private static List<Finding> clocks(Map<String, Long> newest, Instant now) {
        List<Finding> all = new ArrayList<>();
        newest.forEach((topic, millis) -> {
            Duration ahead = Duration.between(now, Instant.ofEpochMilli(millis));
            if (ahead.compareTo(AHEAD) > 0) {
                all.add(Finding.warn(
                        "clocks",
                        "the newest record of " + topic + " is " + ahead.toSeconds()
                                + " s ahead of this machine's clock",
                        "Set the clock of its producer, of the broker or of this machine by NTP."));
            }
        });
        if (all.isEmpty()) {
            all.add(Finding.ok("clocks", "no image or label is ahead of this machine's clock by more than a minute"));
        }
        return all;
    }
}
