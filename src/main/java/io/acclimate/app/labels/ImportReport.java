package io.acclimate.app.labels;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.acclimate.core.ClassNames;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;

/** Says what matched and what did not, in words or as one JSON object. */
final class ImportReport {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int EXAMPLES = 5;

    private final String file;
    private final LabelFormat format;
    private final ImportPlan.Result result;
    private final ClassNames classes;

    ImportReport(String file, LabelFormat format, ImportPlan.Result result, ClassNames classes) {
        this.file = file;
        this.format = format;
        this.result = result;
        this.classes = classes;
    }

    void print(PrintWriter out) {
        out.printf(
                Locale.ROOT,
                "%s (%s): %,d images, %,d with a label to send%n",
                file,
                format,
                result.images(),
                result.labels().size());
        result.matched()
                .forEach((match, count) -> out.printf(
                        Locale.ROOT,
                        "  %,8d  \"%s\" is class %s%n",
                        count,
                        plain(match.name()),
                        classes.name(match.index())));
        result.unmatched().forEach((each, count) -> out.printf(Locale.ROOT, "  %,8d  %s%n", count, unmatched(each)));
        result.without()
                .forEach((reason, images) -> out.printf(
                        Locale.ROOT,
                        "  %,8d  get no label, %s: %s%n",
                        images.size(),
                        reason.words(),
                        examples(images)));
    }

    private static String unmatched(ToolClass each) {
        return switch (each.kind()) {
            case NAME -> "\"" + plain(each.text()) + "\" is no class of the model";
            case ID -> "id " + plain(each.text()) + " has no name in the file, and an id is no index of the model";
            case DIGITS ->
                "\"" + plain(each.text())
                        + "\" is no class of the model; if it is a class index, say so with --indices";
        };
    }

    private static String examples(List<String> images) {
        String shown = plain(String.join(", ", images.subList(0, Math.min(EXAMPLES, images.size()))));
        return images.size() > EXAMPLES ? shown + ", …" : shown;
    }

    /** Text of a file must not control the terminal. */
    private static String plain(String text) {
        return text.replaceAll("\\p{Cntrl}", "\uFFFD");
    }

    ObjectNode json(long sent, boolean dryRun) {
        ObjectNode report = JSON.createObjectNode();
        report.put("file", file);
        report.put("format", format.name());
        report.put("images", result.images());
        report.put("labels", result.labels().size());
        ArrayNode matched = report.putArray("matched");
        result.matched().forEach((match, count) -> matched.addObject()
                .put("name", match.name())
                .put("class", classes.name(match.index()))
                .put("index", match.index())
                .put("count", count));
        ArrayNode unmatched = report.putArray("unmatched");
        result.unmatched().forEach((each, count) -> unmatched
                .addObject()
                .put(each.kind() == ToolClass.Kind.NAME ? "name" : "number", each.text())
                .put("count", count));
        ObjectNode without = report.putObject("without");
        result.without().forEach((reason, images) -> {
            ArrayNode ids = without.putArray(reason.name());
            images.forEach(ids::add);
        });
        report.put("dryRun", dryRun);
        report.put("sent", sent);
        return report;
    }
}
