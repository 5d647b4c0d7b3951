package io.acclimate.app.role;

import io.acclimate.app.process.Node;
import io.acclimate.app.process.Role;
import io.acclimate.app.watch.FeedFollower;
import io.acclimate.app.watch.FollowedVersions;
import io.acclimate.app.watch.LiveWatcher;
import io.acclimate.app.watch.WatchedLag;
import io.acclimate.app.watch.WatchedSizes;
import io.acclimate.kafka.Rights;
import io.acclimate.telemetry.Telemetry;
import io.acclimate.web.LiveFeed;
import io.acclimate.wire.EventCodec;
import io.acclimate.wire.PredictionCodec;
import io.acclimate.wire.Topics;
import io.acclimate.wire.WireFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Command;

/** {@code web}: serves the live page and the API of versions. */
@Command(name = "web", description = "Serves the live page and the API of versions; writes need a token.")
public final class WebCommand extends RoleCommand {
    private final LiveFeed feed = new LiveFeed();
    private Optional<FollowedVersions> versions = Optional.empty();

    /** An operator's command is answered with what is missing, so a page that is only looked at need not be able to write. */
    @Override
    Rights rights(Topics topics) {
        return new Rights(
                Set.of(topics.modelVersions(), topics.predictions(), topics.adaptationEvents(), topics.deadLetters()),
                Set.of());
    }

    @Override
    List<Role> roles(Telemetry telemetry) throws Exception {
        FollowedVersions followed = new FollowedVersions(kafka.clientProperties(), kafka.topics(), telemetry);
        versions = Optional.of(followed);
        Topics topics = kafka.topics();
        start.topics(
                List.of(topics.modelVersions(), topics.predictions(), topics.adaptationEvents(), topics.deadLetters()),
                List.of(topics.modelControl()));
        FeedFollower follower = new FeedFollower(
                kafka.clientProperties(),
                kafka.topics(),
                new PredictionCodec(WireFormat.JSON),
                new EventCodec(WireFormat.JSON),
                new LiveWatcher(feed, prediction -> Optional.empty()));
        return List.of(
                followed,
                Role.of("feed", follower::start, follower::check, follower::close),
                new WatchedSizes(kafka.clientProperties(), kafka.topics(), telemetry),
                new WatchedLag(kafka.clientProperties(), kafka.topics(), feed));
    }

    @Override
    WebRole web(Telemetry telemetry, Node node) throws Exception {
        return WebRole.of(http, http.port, telemetry, node.checks(), versions.orElseThrow(), feed);
    }
}
