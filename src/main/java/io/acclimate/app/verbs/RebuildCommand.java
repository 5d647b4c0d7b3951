package io.acclimate.app.verbs;

import io.acclimate.adapt.rebuild.Rebuild;
import io.acclimate.adapt.rebuild.RebuildReport;
import io.acclimate.adapt.rebuild.Rebuilt;
import io.acclimate.adapt.settings.AdaptSettings;
import io.acclimate.app.data.SourceData;
import io.acclimate.app.options.DomainText;
import io.acclimate.app.options.KafkaOptions;
import io.acclimate.app.options.ModelOptions;
import io.acclimate.app.terminal.JsonOption;
import io.acclimate.app.terminal.ProgressView;
import io.acclimate.core.DomainId;
import io.acclimate.onnx.ModelGraph;
import io.acclimate.onnx.node.InvalidModelException;
import io.acclimate.train.Samples;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code rebuild}: proves that the kept mini-batches lead to the versions on the topic, or says where they do not. */
@Command(
        name = "rebuild",
        description = {
            "Makes every version again from the kept mini-batches and commands, and compares digests. Writes nothing.",
            "Settings and classes are those that the versions' provenance names. Exit code 1 when one version differs."
        })
public final class RebuildCommand implements Callable<Integer> {
    @Mixin
    KafkaOptions kafka = new KafkaOptions();

    @Mixin
    ModelOptions model = new ModelOptions();

    @Option(names = "--domain", description = "Rebuild only this domain (default: all).", converter = DomainText.class)
    Optional<DomainId> domain = Optional.empty();

    @Option(
            names = "--source-data",
            description =
                    "The source samples that adapt used: bundled, idx:DIR, cifar10:DIR, cifar100:DIR, folder:DIR or none"
                            + " (default: bundled for the bundled model, else none).")
    String sourceData = "";

    @Mixin
    JsonOption json = new JsonOption();

    @Spec
    CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws Exception {
        ModelGraph graph = model.graph();
        PrintWriter out = spec.commandLine().getOut();
        RebuildReport report = report(graph, json.asked() ? spec.commandLine().getErr() : out);
        if (json.asked()) {
            JsonOption.print(result(report), out);
        } else {
            print(report, out);
        }
        return report.differences().isEmpty() ? 0 : 1;
    }

    private RebuildReport report(ModelGraph graph, PrintWriter out) throws IOException {
        try (Rebuild rebuild = new Rebuild(
                        Control.client(kafka), kafka.topics(), graph, this::source, AdaptSettings.defaults());
                Shown shown = new Shown(out)) {
            return rebuild.run(domain, shown::at);
        }
    }

    private Optional<Samples> source(ModelGraph graph) {
        try {
            return SourceData.of(sourceData, model, graph);
        } catch (IOException | InvalidModelException e) {
            throw new IllegalStateException("the source samples cannot be used: " + e.getMessage(), e);
        }
    }

    private static Map<String, Object> result(RebuildReport report) {
        List<Map<String, Object>> differences = new ArrayList<>();
        for (Rebuilt.Different each : report.differences()) {
            differences.add(Map.of(
                    "domain", each.id().domain().value(),
                    "version", each.id().number(),
                    "miniBatchOffset", each.offset(),
                    "where", each.where(),
                    "cause", each.cause()));
        }
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("versions", report.versions().size());
        result.put("equal", report.equal());
        result.put("differences", differences);
        result.put("notes", report.notes());
        return result;
    }

    private static void print(RebuildReport report, PrintWriter out) {
        report.notes().forEach(note -> out.println("note: " + note));
        for (Rebuilt.Different each : report.differences()) {
            out.println(each.id() + " (mini-batch offset " + each.offset() + ") differs: " + each.where() + "; "
                    + each.cause());
        }
        out.println(report.equal() + " of " + report.versions().size() + " versions equal");
        out.flush();
    }

    /** Shows one progress view after the other, one for each domain. */
    private static final class Shown implements AutoCloseable {
        private final PrintWriter out;
        private Optional<DomainId> current = Optional.empty();
        private Optional<ProgressView> view = Optional.empty();

        Shown(PrintWriter out) {
            this.out = out;
        }

        void at(Rebuild.Step step) {
            if (!current.equals(Optional.of(step.domain()))) {
                close();
                current = Optional.of(step.domain());
                view = Optional.of(ProgressView.open("rebuild " + step.domain(), step.all(), out));
            }
            view.ifPresent(shown -> shown.at(step.versions(), step.equal() + " equal"));
        }

        @Override
        public void close() {
            view.ifPresent(ProgressView::close);
            view = Optional.empty();
        }
    }
}
