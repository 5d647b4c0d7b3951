package io.acclimate.app.verbs;

import io.acclimate.app.options.DomainText;
import io.acclimate.app.options.KafkaOptions;
import io.acclimate.app.terminal.JsonOption;
import io.acclimate.core.DomainId;
import io.acclimate.kafka.ClientProperties;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tail}: prints committed records as they come, one line each. */
@Command(
        name = "tail",
        description =
                "Shows predictions, events or dead letters as they come, one readable line each. With --json, the records as"
                        + " the schemas' own JSON, one each line.")
public final class TailCommand implements Callable<Integer> {
    @Mixin
    KafkaOptions kafka = new KafkaOptions();

    @Parameters(paramLabel = "FEED", description = "What to show: predictions, events or dead-letters.")
    String feed = "";

    @Option(
            names = "--from-beginning",
            description = "Begin with the oldest record of the topic instead of with new ones.")
    boolean fromBeginning;

    @Option(
            names = "--domain",
            description = "Show only this domain; not for dead letters (default: all).",
            converter = DomainText.class)
    Optional<DomainId> domain = Optional.empty();

    @Option(
            names = {"-n", "--count"},
            paramLabel = "N",
            description = "Stop after N lines (default: never).")
    Optional<Long> count = Optional.empty();

    @Option(
            names = {"-e", "--exit"},
            description = "Stop at the end of the topic.")
    boolean exitAtEnd;

    @Mixin
    JsonOption json = new JsonOption();

    @Spec
    CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws Exception {
        Feed wanted = Feed.parse(feed, spec.commandLine());
        PrintWriter out = spec.commandLine().getOut();
        Lines lines = new Lines(wanted, domain);
        JsonLines jsonLines = new JsonLines(wanted, domain, spec.commandLine().getErr());
        long left = count.orElse(Long.MAX_VALUE);
        try (KafkaConsumer<byte[], byte[]> consumer =
                ClientProperties.of(Control.client(kafka)).openReader()) {
            List<TopicPartition> partitions = Control.assignAll(consumer, wanted.topic(kafka.topics()));
            if (fromBeginning) {
                consumer.seekToBeginning(partitions);
            } else {
                consumer.seekToEnd(partitions);
            }
            var ends = consumer.endOffsets(partitions);
            while (left > 0) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
                    Optional<String> line = json.asked() ? jsonLines.of(record) : lines.of(record);
                    if (line.isPresent() && left > 0) {
                        out.println(DeadLettersCommand.printable(line.get()));
                        left--;
                    }
                }
                out.flush();
                if (exitAtEnd
                        && ends.entrySet().stream()
                                .allMatch(end -> consumer.position(end.getKey()) >= end.getValue())) {
                    break;
                }
            }
        }
        return 0;
    }
}
