package io.acclimate.app.watch;

import io.acclimate.adapt.settings.AdaptSettings;
import io.acclimate.app.process.Role;
import io.acclimate.core.Membership;
import io.acclimate.kafka.ClientProperties;
import io.acclimate.kafka.GroupLag;
import io.acclimate.minibatch.MiniBatchSettings;
import io.acclimate.serve.ServeSettings;
import io.acclimate.telemetry.Health;
import io.acclimate.telemetry.WatchedThread;
import io.acclimate.web.Lags;
import io.acclimate.web.LiveFeed;
import io.acclimate.wire.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Measures every few seconds how many records each stage is behind, for the page. A client that may not ask for that only lacks the
 * figures: the page says why.
 *
 * <p>Threads: one of its own. Any thread may call the rest.
 */
public final class WatchedLag implements Role {
    private static final Logger LOG = LoggerFactory.getLogger(WatchedLag.class);
    private static final Duration PAUSE = Duration.ofSeconds(4);
    private static final Duration GRACE = Duration.ofSeconds(5);

    private final Map<String, Object> client;
    private final Map<String, String> groups;
    private final LiveFeed feed;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final WatchedThread thread = new WatchedThread("stage-lag", this::run);

    public WatchedLag(Map<String, Object> client, Topics topics, LiveFeed feed) {
        this.client = Map.copyOf(client);
        this.groups = groups(topics);
        this.feed = feed;
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
        thread.start();
    }

    @Override
    public Health check() {
        return thread.health(Health.READY);
    }

    private void run() {
        try (Admin admin = ClientProperties.of(client).openAdmin()) {
            do {
                measure(admin);
            } while (!closing.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException | org.apache.kafka.common.errors.InterruptException e) {
            LOG.debug("the lag of the stages is not measured any more");
        }
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
        closing.countDown();
        if (!thread.join(GRACE)) {
            LOG.debug("the lag of the stages is still being asked for");
        }
    }
}
