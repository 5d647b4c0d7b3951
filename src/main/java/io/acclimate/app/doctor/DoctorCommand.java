package io.acclimate.app.doctor;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.acclimate.app.doctor.Finding.Level;
import io.acclimate.app.options.KafkaOptions;
import io.acclimate.app.options.ModelOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code doctor}: looks at Kafka, topics, rights, clocks, the model and the machine, and says what to do about what is wrong. */
@Command(
        name = "doctor",
        description = {
            "Looks at Kafka, topics, rights, clocks, the model, its card, the memory that it needs and this machine, and says how to mend what is wrong.",
            "It changes nothing. The exit code is 1 when a role could not start."
        })
public final class DoctorCommand implements Callable<Integer> {
    @Mixin
    KafkaOptions kafka = new KafkaOptions();

    @Mixin
    ModelOptions model = new ModelOptions();

    @Option(
            names = "--data-dir",
            paramLabel = "DIR",
            description = "The directory that up or minibatch will keep data in (default: ${DEFAULT-VALUE}).")
    Path dataDir = Path.of("acclimate-data");

    @Option(names = "--config", paramLabel = "FILE", description = "A YAML file with any of these options.")
    Optional<Path> config = Optional.empty();

    @Option(names = "--json", description = "Print JSON: findings, each with level, subject, text and remedy.")
    boolean json;

    @Spec
    CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        List<Finding> all = new ArrayList<>();
        report(all, MachineFindings.of(dataDir));
        report(all, ModelFindings.of(model));
        report(all, KafkaFindings.of(kafka.clientProperties(), kafka.topics(), Instant.now()));
        if (json) {
            spec.commandLine()
                    .getOut()
                    .println(new ObjectMapper()
                            .enable(SerializationFeature.INDENT_OUTPUT)
                            .writeValueAsString(Map.of("findings", all)));
        } else {
            spec.commandLine().getOut().println(summary(all));
        }
        spec.commandLine().getOut().flush();
        return count(all, Level.FAIL) == 0 ? 0 : 1;
    }

    /** Shows each part when it is known: a broker that is away takes some seconds. */
    private void report(List<Finding> all, List<Finding> more) {
        all.addAll(more);
        if (!json) {
            PrintWriter out = spec.commandLine().getOut();
            for (Finding each : more) {
                out.printf("%-4s  %-9s %s%n", each.level(), each.subject(), each.text());
                if (!each.remedy().isEmpty()) {
                    out.printf("%-4s  %-9s -> %s%n", "", "", each.remedy());
                }
            }
            out.flush();
        }
    }

    private static String summary(List<Finding> all) {
        return count(all, Level.FAIL) + " failed, " + count(all, Level.WARN) + " to look at, " + count(all, Level.OK)
                + " in order";
    }

    private static long count(List<Finding> all, Level level) {
        return all.stream().filter(each -> each.level() == level).count();
    }
}
