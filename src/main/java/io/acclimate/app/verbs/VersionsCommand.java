package io.acclimate.app.verbs;

import io.acclimate.app.options.DomainText;
import io.acclimate.app.options.KafkaOptions;
import io.acclimate.app.terminal.JsonOption;
import io.acclimate.app.terminal.Paint;
import io.acclimate.app.terminal.Style;
import io.acclimate.app.terminal.Table;
import io.acclimate.core.DomainId;
import io.acclimate.registry.WeightReader;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code versions}: lists the versions on the topic of versions, one line each. */
@Command(
        name = "versions",
        description =
                "Lists the model versions that are kept, by domain; * marks the active one, + one that is pinned.",
        subcommands = {PinCommand.class, UnpinCommand.class, NoteCommand.class})
public final class VersionsCommand implements Callable<Integer> {
    @Mixin
    KafkaOptions kafka = new KafkaOptions();

    @Option(names = "--domain", description = "List only this domain (default: all).", converter = DomainText.class)
    Optional<DomainId> domain = Optional.empty();

    @Mixin
    JsonOption json = new JsonOption();

    @Spec
    CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws Exception {
        return list(kafka, domain, json);
    }

    /** Does what {@code versions} alone does: who knows {@code dead-letters list} asks for this, too. */
    @Command(name = "list", description = "Does the same as versions alone.")
    Integer list(
            @Mixin KafkaOptions kafka,
            @Option(
                            names = "--domain",
                            description = "List only this domain (default: all).",
                            converter = DomainText.class)
                    Optional<DomainId> domain,
            @Mixin JsonOption json)
            throws Exception {
        try (WeightReader reader = WeightReader.open(Control.client(kafka), kafka.topics())) {
            List<VersionRow> all = VersionRow.of(reader.catalogue(), domain);
            PrintWriter out = spec.commandLine().getOut();
            if (json.asked()) {
                JsonOption.print(
                        Map.of("versions", all.stream().map(VersionRow::json).toList()), out);
            } else {
                print(all, out, Paint.of(System.getenv()));
            }
        }
        return 0;
    }

    static void print(List<VersionRow> all, PrintWriter out, Paint paint) {
        if (all.isEmpty()) {
            out.println("No versions: every domain is served by version 0, the source model.");
            return;
        }
        Table table = new Table(
                Table.Column.text("domain"),
                Table.Column.number("version"),
                Table.Column.number("parent"),
                Table.Column.text("created"),
                Table.Column.number("samples"),
                Table.Column.number("accuracy"),
                Table.Column.number("bytes"),
                Table.Column.text("sha-256"),
                Table.Column.text("note"));
        all.forEach(each -> table.add(each.active() ? Style.GOOD : Style.PLAIN, each.cells()));
        table.print(out, paint);
    }
}
