package io.acclimate.app.role;

import io.acclimate.adapt.settings.AdaptSettings;
import io.acclimate.adapt.worker.Adapting;
import io.acclimate.app.memory.MemoryEstimate;
import io.acclimate.app.process.Role;
import io.acclimate.core.Membership;
import io.acclimate.minibatch.MiniBatchSettings;
import io.acclimate.minibatch.MiniBatching;
import io.acclimate.onnx.ModelGraph;
import io.acclimate.serve.ServeSettings;
import io.acclimate.serve.Serving;
import io.acclimate.telemetry.Health;
import io.acclimate.telemetry.Telemetry;
import io.acclimate.train.Samples;
import io.acclimate.wire.Topics;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the roles from what they share: the properties of Kafka clients, the topic names, the source model, the meters. */
public record Pipeline(Map<String, Object> client, Topics topics, ModelGraph model, Telemetry telemetry) {
    private static final Logger LOG = LoggerFactory.getLogger(Pipeline.class);
    private static final String GUESSED = "guessed, set it in the card: ";

    public Pipeline {
        for (String guess : model.remarks()) {
            LOG.warn(
                    "guessed about model '{}': {}; the same key of its card sets it",
                    model.card().name(),
                    guess);
        }
    }

    public Role serve(ServeSettings settings) {
        ServeSettings own = settings.withMembership(prefixed(settings.membership()));
        Serving serving = new Serving(client, topics, model, own, telemetry);
        return Role.of("serve", serving::start, () -> withGuesses(serving.check()), serving::close);
    }

    public Role minibatch(MiniBatchSettings settings) {
        MiniBatching batching = new MiniBatching(client, topics, model.card().classes(), settings, telemetry);
        return Role.of("minibatch", batching::start, batching::check, batching::close);
    }

    public Role adapt(AdaptSettings settings, Optional<Samples> source) {
        AdaptSettings own = settings.withMembership(prefixed(settings.membership()))
                .withSteps(MemoryEstimate.steps(model, settings));
        Adapting adapting = new Adapting(client, topics, model, source, own, telemetry);
        return Role.of("adapt", adapting::prepare, adapting::start, adapting::check, adapting::close);
    }

    /** A service that guessed how its model reads images works, but its operator should know. */
    private Health withGuesses(Health health) {
        if (!(health instanceof Health.Ready ready) || model.remarks().isEmpty()) {
            return health;
        }
        List<String> remarks = new ArrayList<>(ready.remarks());
        model.remarks().forEach(guess -> remarks.add(GUESSED + guess));
        return new Health.Ready(remarks);
    }

    /** The remarks without the guesses, which are in the log since the start. */
    static List<String> withoutGuesses(List<String> remarks) {
        return remarks.stream().filter(remark -> !remark.contains(GUESSED)).toList();
    }

    /** Leaves out the properties of the clients, because passwords are among them. */
    @Override
    public String toString() {
        return "Pipeline[topics=" + topics + "]";
    }

    /** Services that share a Kafka differ in the prefix of their topics, which also keeps their groups and transactional ids apart. */
    private Membership prefixed(Membership membership) {
        return membership.withGroup(topics.prefix() + membership.group());
    }
}
