package io.acclimate.app.watch;

import io.acclimate.adapt.settings.AdaptSettings;
import io.acclimate.app.process.Role;
import io.acclimate.core.Membership;
import io.acclimate.kafka.GroupLag;
import io.acclimate.minibatch.MiniBatchSettings;
import io.acclimate.serve.ServeSettings;
import io.acclimate.telemetry.Health;
import io.acclimate.web.Lags;
import io.acclimate.web.LiveFeed;
import io.acclimate.wire.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;

/**
 * Measures every few seconds how many records each stage is behind, for the page. A client that may not ask for that only lacks the
 * figures: the page says why.
 *
 * <p>Threads: one of its own. Any thread may call the rest.
 */
public final class WatchedLag implements Role {
    private static final Duration PAUSE = Duration.ofSeconds(4);

    private final Map<String, String> groups;
    private final LiveFeed feed;
    private final AdminLoop loop;

    public WatchedLag(Map<String, Object> client, Topics topics, LiveFeed feed) {
        this.groups = groups(topics);
        this.feed = feed;
        this.loop = new AdminLoop(client, name(), PAUSE, this::measure);
    }

    /** The consumer group of each stage, in the order of the pipeline. */
    private static Map<String, String> groups(Topics topics) {
        Map<String, Membership> members = new LinkedHashMap<>();
        members.put("serve", ServeSettings.defaults().membership());
        members.put("minibatch", MiniBatchSettings.defaults().membership());
        members.put("adapt", AdaptSettings.defaults().membership());
        Map<String, String> groups = new LinkedHashMap<>();
        members.forEach((stage, member) -> groups.put(stage, topics.prefix() + member.group()));
        return groups;
    }

    @Override
    public String name() {
        return "stage-lag";
    }

    @Override
    public void start() {
        loop.start();
    }

    @Override
    public Health check() {
        return loop.health(Health.READY);
    }

    private void measure(Admin admin) {
        List<Lags.Stage> stages = new ArrayList<>();
        String unknown = "";
        for (Map.Entry<String, String> each : groups.entrySet()) {
            try {
                GroupLag.of(admin, each.getValue())
                        .forEach((topic, behind) ->
                                stages.add(new Lags.Stage(each.getKey(), each.getValue(), topic, behind)));
            } catch (org.apache.kafka.common.errors.InterruptException e) {
                throw e;
            } catch (KafkaException e) {
                unknown = "group " + each.getValue() + ": " + e.getMessage();
            }
        }
        feed.lags(stages, unknown);
    }

    @Override
    public void close() {
        loop.close();
    }
}
