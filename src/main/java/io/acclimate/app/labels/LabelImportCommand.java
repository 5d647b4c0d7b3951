package io.acclimate.app.labels;

import io.acclimate.app.options.DomainText;
import io.acclimate.app.options.KafkaOptions;
import io.acclimate.app.options.ModelOptions;
import io.acclimate.app.terminal.ProgressView;
import io.acclimate.core.ClassNames;
import io.acclimate.core.DomainId;
import io.acclimate.kafka.ClientProperties;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.producer.Producer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code label import}: sends the labels of a labelling tool's export by image id. Nothing is sent while a class of the file is none of the
 * model, because an image takes one label, and the same file sent again would be refused.
 */
@Command(
        name = "import",
        description = {
            "Sends the labels of an export of Label Studio (JSON, JSON-MIN), COCO (as of CVAT), FiftyOne (labels.json,"
                    + " samples.json) or a CSV to the images that were served, by their ids.",
            "A class that the model does not have is reported, and then nothing is sent."
        })
final class LabelImportCommand implements Callable<Integer> {
    @Mixin
    KafkaOptions kafka = new KafkaOptions();

    @Mixin
    ModelOptions model = new ModelOptions();

    @Parameters(paramLabel = "FILE", description = "The file that the tool exported.")
    Path file = Path.of("");

    @Option(
            names = "--format",
            description = "The file's format: ${COMPLETION-CANDIDATES} (default: what its beginning shows).")
    Optional<LabelFormat> format = Optional.empty();

    @Option(
            names = "--image-id",
            description =
                    "What of an image's path or URL in the file is its id: ${COMPLETION-CANDIDATES}. The stem of a/cat-1.png is"
                            + " cat-1, its name cat-1.png (default: ${DEFAULT-VALUE}).")
    ImageReference.Rule imageId = ImageReference.Rule.STEM;

    @Option(
            names = "--id-field",
            paramLabel = "NAME",
            description =
                    "The field of a task's data, of a COCO image or of a sample, or the column that holds the image id itself"
                            + " (default: the id is taken from the image's path, or from a column image_id, id or key).")
    Optional<String> idField = Optional.empty();

    @Option(
            names = "--label-field",
            paramLabel = "NAME",
            description =
                    "The control of Label Studio, the field of FiftyOne samples or the column that holds the class (default:"
                            + " the only control; ground_truth; a column label, class, class_name, category, choice or target).")
    Optional<String> labelField = Optional.empty();

    @Option(
            names = "--key-prefix",
            paramLabel = "TEXT",
            description = "Is put before each id of the file to make the image id (default: none).")
    String keyPrefix = "";

    @Option(
            names = "--map",
            paramLabel = "NAME=CLASS",
            description =
                    "A class of the file, by its name or id there, and the model's class that it is, by name or index. May be"
                            + " repeated (default: names are compared without regard to case, spaces, hyphens and underscores).")
    Map<String, String> map = new LinkedHashMap<>();

    @Option(
            names = "--indices",
            description = "Numbers in a CSV that are no class names are class indices of the model.")
    boolean indices;

    @Option(names = "--skip-unmatched", description = "Send the labels that match although others do not.")
    boolean skipUnmatched;

    @Option(
            names = "--domain",
            description = "The domain of the labels (default: that of each image).",
            converter = DomainText.class)
    Optional<DomainId> domain = Optional.empty();

    @Option(
            names = "--source",
            paramLabel = "TEXT",
            description =
                    "Who sends the labels, for the rate limit and for others who read them (default: ${DEFAULT-VALUE}).")
    String source = "label-import";

    @Option(
            names = "--rate",
            paramLabel = "N",
            description = "Labels per second; 0 is as fast as possible (default: ${DEFAULT-VALUE}).")
    double rate = 100;

    @Option(names = "--dry-run", description = "Report and send nothing; needs no Kafka.")
    boolean dryRun;

    @Option(names = "--json", description = "Print the report as one JSON object.")
    boolean json;

    @Spec
    CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws Exception {
        if (!(rate >= 0 && rate <= 1e6)) {
            throw new ParameterException(spec.commandLine(), "--rate must be from 0 to 1000000, got " + rate);
        }
        ClassNames classes = classes();
        ClassMatch match = match(classes);
        LabelFormat known = format.isPresent() ? format.get() : LabelFormat.of(existing());
        ImportPlan plan = new ImportPlan(imageId, keyPrefix);
        try {
            known.reader().read(existing(), new Fields(labelField, idField), plan::add);
        } catch (InvalidLabelFileException e) {
            throw new IllegalArgumentException(file + " (" + known + "): " + e.getMessage(), e);
        }
        ImportPlan.Result result = plan.decide(match);
        ImportReport report = new ImportReport(file.toString(), known, result, classes);
        PrintWriter out = spec.commandLine().getOut();
        if (!json) {
            report.print(out);
        }
        boolean blocked = !result.unmatched().isEmpty() && !skipUnmatched;
        long sent = blocked || dryRun ? 0 : send(result, classes, out);
        if (json) {
            out.println(report.json(sent, dryRun));
        } else if (blocked) {
            out.println(
                    "nothing is sent: name the classes with --map NAME=CLASS, or leave their images out with --skip-unmatched;"
                            + " the model's classes are " + String.join(", ", classes.names()));
        } else if (!dryRun) {
            out.printf(Locale.ROOT, "sent %,d labels%n", sent);
        }
        out.flush();
        return blocked ? 1 : 0;
    }

    private long send(ImportPlan.Result result, ClassNames classes, PrintWriter out)
            throws IOException, InterruptedException {
        Map<String, Object> client = kafka.reachableClientProperties();
        LabelSender.requireTopic(client, kafka.topics());
        int count = result.labels().size();
        try (Producer<byte[], byte[]> producer =
                        ClientProperties.of(client).prefer("linger.ms", 5).openProducer();
                ProgressView view = ProgressView.open(
                        "label import", count, json ? spec.commandLine().getErr() : out)) {
            new LabelSender(producer, kafka.topics(), domain, source)
                    .send(result.labels(), classes, rate, sent -> view.at(sent, "labels"));
        }
        return count;
    }

    private Path existing() throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new IOException("there is no file " + file);
        }
        return file;
    }

    private ClassNames classes() throws Exception {
        Optional<ClassNames> named = model.classes();
        return named.isPresent() ? named.get() : model.source().card().classes();
    }

    private ClassMatch match(ClassNames classes) {
        try {
            return new ClassMatch(classes, map, indices);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
    }
}
