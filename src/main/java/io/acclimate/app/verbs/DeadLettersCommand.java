package io.acclimate.app.verbs;

import io.acclimate.app.options.KafkaOptions;
import io.acclimate.app.terminal.JsonOption;
import io.acclimate.app.terminal.ProgressView;
import io.acclimate.core.DeadLetterReason;
import io.acclimate.core.Outcome;
import io.acclimate.wire.DeadLetters;
import io.acclimate.wire.DeadLetters.DeadLetter;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code dead-letters}: shows records that could not be processed, and sends them again once the cause is gone. */
@Command(
        name = "dead-letters",
        description = "Lists, shows and re-sends the records that could not be processed.",
        subcommands = {
            DeadLettersCommand.ListCommand.class,
            DeadLettersCommand.ShowCommand.class,
            DeadLettersCommand.ResendCommand.class
        })
public final class DeadLettersCommand {

    /** Removes control characters, because text that others wrote must not control the terminal. */
    static String printable(String text) {
        StringBuilder printable = new StringBuilder(text.length());
        text.codePoints().forEach(c -> printable.appendCodePoint(Character.isISOControl(c) ? '\uFFFD' : c));
        return printable.toString();
    }

    /** How to reach the letters. */
    abstract static class OnLetters implements Callable<Integer> {
        @Mixin
        KafkaOptions kafka = new KafkaOptions();

        @Spec
        CommandSpec spec = CommandSpec.create();

        DeadLetterReader reader(String purpose) throws IOException {
            return new DeadLetterReader(
                    Control.client(kafka),
                    kafka.topics().deadLetters(),
                    kafka.topicPrefix + "acclimate-dead-letters-" + purpose);
        }

        PrintWriter out() {
            return spec.commandLine().getOut();
        }
    }

    @Command(
            name = "list",
            description = "Prints a line for each dead letter: id, time, reason, stage, record and message.")
    static final class ListCommand extends OnLetters {
        @Option(
                names = "--reason",
                description =
                        "List only dead letters with this reason: ${COMPLETION-CANDIDATES}. May be repeated (default: all).")
        Set<DeadLetterReason> reasons = EnumSet.noneOf(DeadLetterReason.class);

        @Option(
                names = "--json",
                description = "Print JSON lines with key and value, in the form of dead_letter.proto.")
        boolean json;

        private long printed;

        @Override
        public Integer call() throws Exception {
            try (DeadLetterReader reader = reader("reader")) {
                reader.read(Map.of(), (entries, positions) -> entries.forEach(this::print));
            }
            if (printed == 0 && !json) {
                out().println("none");
            }
            out().flush();
            return 0;
        }

        private void print(DeadLetterReader.Entry entry) {
            if (entry.letter() instanceof Outcome.Ok<DeadLetter> ok) {
                DeadLetter letter = ok.value();
                if (!reasons.isEmpty() && !reasons.contains(letter.reason())) {
                    return;
                }
                printed++;
                out().println(
                                json
                                        ? DeadLetters.json(letter, entry.record())
                                        : entry.id() + "\t" + letter.timestamp() + "\t" + letter.reason() + "\t"
                                                + letter.stage() + "\t" + letter.input() + "\t"
                                                + printable(letter.message()));
            } else if (entry.letter() instanceof Outcome.Refused<DeadLetter> refused && reasons.isEmpty() && !json) {
                printed++;
                out().println(entry.id() + "\t" + printable(refused.refusal().message()));
            }
        }
    }

    @Command(name = "show", description = "Prints everything that is known of one dead letter.")
    static final class ShowCommand extends OnLetters {
        @Parameters(paramLabel = "ID", description = "The id of the dead letter, PARTITION:OFFSET, as list prints it.")
        String id = "";

        @Option(
                names = "--value-to",
                paramLabel = "FILE",
                description = "Write the value of the record to this new file.")
        Optional<Path> valueTo = Optional.empty();

        @Mixin
        JsonOption json = new JsonOption();

        @Override
        public Integer call() throws Exception {
            List<DeadLetterReader.Entry> found = new ArrayList<>();
            try (DeadLetterReader reader = reader("reader")) {
                reader.read(Map.of(), (entries, positions) -> entries.stream()
                        .filter(entry -> entry.id().equals(id))
                        .forEach(found::add));
            }
            if (found.isEmpty()) {
                spec.commandLine().getErr().println("there is no dead letter " + id);
                return 1;
            }
            if (json.asked()) {
                JsonOption.print(result(found.get(0)), out());
            } else {
                print(found.get(0));
            }
            return 0;
        }

        private Map<String, Object> result(DeadLetterReader.Entry entry) throws IOException {
            byte[] value = entry.record().value();
            Map<String, Object> headers = new LinkedHashMap<>();
            for (Header header : entry.record().headers()) {
                headers.put(header.key(), text(header.value()));
            }
            Map<String, Object> result = new LinkedHashMap<>();
            result.put("id", entry.id());
            result.put("key", text(entry.record().key()));
            result.put("valueBytes", value == null ? null : value.length);
            result.put("headers", headers);
            result.put(
                    "valueTo", writeValue(value) ? valueTo.map(Path::toString).orElse(null) : null);
            return result;
        }

        private static @Nullable String text(byte @Nullable [] bytes) {
            return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
        }

        private boolean writeValue(byte @Nullable [] value) throws IOException {
            if (valueTo.isEmpty() || value == null) {
                return false;
            }
            Files.write(valueTo.get(), value, StandardOpenOption.CREATE_NEW);
            return true;
        }

        private void print(DeadLetterReader.Entry entry) throws IOException {
            byte[] value = entry.record().value();
            byte[] key = entry.record().key();
            out().println("key: " + (key == null ? "none" : printable(new String(key, StandardCharsets.UTF_8))));
            out().println("value: " + (value == null ? "none" : value.length + " bytes"));
            for (Header header : entry.record().headers()) {
                out().println(header.key() + ": "
                        + (header.value() == null
                                ? "null"
                                : printable(new String(header.value(), StandardCharsets.UTF_8))));
            }
            if (writeValue(value)) {
                out().println("written to " + valueTo.orElseThrow());
            }
            out().flush();
        }
    }

    @Command(
            name = "resend",
            description = "Sends dead letters back to their topics, each at most once unless it is named by its id.")
    static final class ResendCommand extends OnLetters {
        @ArgGroup(multiplicity = "1")
        Which which = new Which();

        @Mixin
        JsonOption json = new JsonOption();

        static final class Which {
            @Option(names = "--all", description = "Re-send every dead letter that was not re-sent before.")
            boolean all;

            @Option(names = "--reason", description = "Re-send dead letters with this reason. May be repeated.")
            Set<DeadLetterReason> reasons = EnumSet.noneOf(DeadLetterReason.class);

            @Parameters(
                    paramLabel = "ID",
                    arity = "0..*",
                    description = "The ids of dead letters to re-send, PARTITION:OFFSET, as list prints them.")
            List<String> ids = List.of();
        }

        @Override
        public Integer call() throws Exception {
            DeadLetterResender.Result result;
            try (DeadLetterReader reader = reader("reader");
                    DeadLetterResender resender = new DeadLetterResender(Control.client(kafka), kafka.topics());
                    ProgressView progress = ProgressView.open("resend", reader.size(), screen())) {
                resender.start();
                if (!which.ids.isEmpty()) {
                    resender.resend(reader, Set.copyOf(which.ids), progress);
                }
                for (DeadLetterReason reason : wanted(reader)) {
                    try (DeadLetterReader own = reader(reason.name())) {
                        resender.resend(own, reason, progress);
                    }
                }
                result = resender.result();
            }
            if (json.asked()) {
                JsonOption.print(
                        Map.of(
                                "resent", result.sent(),
                                "tooLarge", result.dropped(),
                                "foreign", result.foreign()),
                        out());
            } else {
                out().println("re-sent " + result.sent() + ", too large to have been kept " + result.dropped());
            }
            if (result.foreign() > 0 && !json.asked()) {
                out().println("not re-sent " + result.foreign() + ", which name topics that are not read here");
            }
            out().flush();
            boolean allIds = which.ids.isEmpty()
                    || result.sent() == Set.copyOf(which.ids).size();
            return result.dropped() + result.foreign() == 0 && allIds ? 0 : 1;
        }

        private PrintWriter screen() {
            return json.asked() ? spec.commandLine().getErr() : out();
        }

        /** The reasons that were asked for and that some letter has. */
        private Set<DeadLetterReason> wanted(DeadLetterReader reader) {
            Set<DeadLetterReason> present = EnumSet.noneOf(DeadLetterReason.class);
            if (which.ids.isEmpty()) {
                reader.read(
                        Map.of(),
                        (entries, positions) -> entries.forEach(entry -> {
                            if (entry.letter() instanceof Outcome.Ok<DeadLetter> ok
                                    && (which.all
                                            || which.reasons.contains(ok.value().reason()))) {
                                present.add(ok.value().reason());
                            }
                        }));
            }
            return present;
        }
    }
}
