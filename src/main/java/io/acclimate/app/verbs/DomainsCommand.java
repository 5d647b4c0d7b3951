package io.acclimate.app.verbs;

import io.acclimate.adapt.states.ListedDomain;
import io.acclimate.app.options.KafkaOptions;
import io.acclimate.app.terminal.JsonOption;
import io.acclimate.app.terminal.Paint;
import io.acclimate.app.terminal.Style;
import io.acclimate.app.terminal.Table;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code domains}: lists the domains that a worker has a state of, one line each. */
@Command(
        name = "domains",
        description = "Lists the domains that were learnt from or commanded, with what serves and how far training is.",
        subcommands = RetireCommand.class)
public final class DomainsCommand implements Callable<Integer> {
    @Mixin
    KafkaOptions kafka = new KafkaOptions();

    @Mixin
    JsonOption json = new JsonOption();

    @Spec
    CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws Exception {
        return list(kafka, json);
    }

    /** Does what {@code domains} alone does: who knows {@code versions list} asks for this, too. */
    @Command(name = "list", description = "Does the same as domains alone.")
    Integer list(@Mixin KafkaOptions kafka, @Mixin JsonOption json) throws Exception {
        List<DomainRow> all = ListedDomain.read(Control.client(kafka), kafka.topics()).stream()
                .map(DomainRow::new)
                .toList();
        PrintWriter out = spec.commandLine().getOut();
        if (json.asked()) {
            JsonOption.print(Map.of("domains", all.stream().map(DomainRow::json).toList()), out);
        } else {
            print(all, out, Paint.of(System.getenv()));
        }
        return 0;
    }

    static void print(List<DomainRow> all, PrintWriter out, Paint paint) {
        if (all.isEmpty()) {
            out.println("No domains: no label was learnt from so far.");
            return;
        }
        Table table = new Table(
                Table.Column.text("domain"),
                Table.Column.number("version"),
                Table.Column.number("samples"),
                Table.Column.text("last label"),
                Table.Column.text("training"));
        all.forEach(each -> table.add(Style.PLAIN, each.cells()));
        table.print(out, paint);
    }
}
