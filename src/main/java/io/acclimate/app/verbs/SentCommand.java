package io.acclimate.app.verbs;

import io.acclimate.app.options.KafkaOptions;
import io.acclimate.app.terminal.JsonOption;
import io.acclimate.core.AdaptationEvent;
import io.acclimate.core.ControlCommand;
import io.acclimate.core.DomainId;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** A command of an operator. It is sent to the worker of the domain, whose answer decides the exit code. */
abstract class SentCommand implements Callable<Integer> {
    @Mixin
    KafkaOptions kafka = new KafkaOptions();

    @Option(
            names = "--wait",
            paramLabel = "SECONDS",
            description = "How long to wait for the worker's answer (default: ${DEFAULT-VALUE}).")
    int waitSeconds = 30;

    @Mixin
    JsonOption json = new JsonOption();

    @Spec
    CommandSpec spec = CommandSpec.create();

    /** The domain to command. */
    abstract DomainId target();

    abstract ControlCommand command(String id, DomainId target);

    @Override
    public final Integer call() throws Exception {
        DomainId domain = target();
        ControlCommand command = command(UUID.randomUUID().toString(), domain);
        Optional<AdaptationEvent.Controlled> answer =
                Control.send(Control.client(kafka), kafka.topics(), command, Duration.ofSeconds(waitSeconds));
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        if (json.asked()) {
            JsonOption.print(result(domain, answer), out);
        }
        if (answer.isEmpty()) {
            err.println("No worker answered within " + waitSeconds + " s. The command is kept on "
                    + kafka.topics().modelControl() + " and will be applied when one does.");
            return 1;
        }
        if (!json.asked() || !answer.get().applied()) {
            (answer.get().applied() ? out : err)
                    .println(domain + ": " + answer.get().message());
        }
        return answer.get().applied() ? 0 : 1;
    }

    private Map<String, Object> result(DomainId domain, Optional<AdaptationEvent.Controlled> answer) {
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("domain", domain.value());
        result.put("command", spec.name());
        result.put("answered", answer.isPresent());
        result.put("applied", answer.map(AdaptationEvent.Controlled::applied).orElse(false));
        result.put("message", answer.map(AdaptationEvent.Controlled::message).orElse(""));
        return result;
    }
}
