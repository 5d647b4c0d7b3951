package io.acclimate.app.labels;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.acclimate.app.Main;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What the command says. It sends nothing here, and reaches no broker. */
class LabelImportCommandTest {
    @TempDir
    Path folder;

    private Path file;

    private record Said(int code, String out, String err) {}

    @BeforeEach
    void givenAnExport() throws Exception {
        file = Files.writeString(
                folder.resolve("labels.csv"), "file,label\n1.png,bag\n2.png,bag\n3.png,Hat\n4.png,5\n5.png,\n");
    }

    private Said run(String... options) {
        List<String> arguments =
                new ArrayList<>(List.of("label", "import", file.toString(), "--bootstrap=localhost:1"));
        arguments.addAll(List.of(options));
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine line = Main.line().setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        int code = Main.run(line, arguments.toArray(String[]::new), Map.of());
        return new Said(code, out.toString(), err.toString());
    }

    @Test
    void classesThatDoNotMatchAreReportedAndNothingIsSent() {
        Said said = run();

        assertThat(said.code()).isEqualTo(1);
        assertThat(said.out())
                .contains("labels.csv (CSV): 5 images, 2 with a label to send")
                .containsPattern(" 2  \"bag\" is class Bag\\R")
                .containsPattern(" 1  \"Hat\" is no class of the model\\R")
                .containsPattern(" 1  \"5\" is no class of the model; if it is a class index, say so with --indices\\R")
                .containsPattern(" 1  get no label, nobody labelled it: 5\\R")
                .contains("nothing is sent: name the classes with --map NAME=CLASS", "Ankle boot");
    }

    @Test
    void aDryRunSaysAsJsonWhatWouldBeSent() throws Exception {
        Said said = run("--dry-run", "--json", "--indices", "--map", "Hat=Ankle boot");

        assertThat(said.code()).as(said.toString()).isZero();
        JsonNode report = new ObjectMapper().readTree(said.out());
        assertThat(report.path("labels").asInt()).isEqualTo(4);
        assertThat(report.path("matched").path(1).toString())
                .isEqualTo("{\"name\":\"Hat\",\"class\":\"Ankle boot\",\"index\":9,\"count\":1}");
        assertThat(report.path("unmatched")).isEmpty();
        assertThat(report.path("without").toString()).isEqualTo("{\"UNLABELLED\":[\"5\"]}");
        assertThat(report.path("sent").asInt()).isZero();
        assertThat(report.path("dryRun").asBoolean()).isTrue();
    }

    @Test
    void aFileThatCannotBeReadIsAFailureThatNamesItAndTheRule() throws Exception {
        Files.writeString(file, "a,b\n1,2\n");

        assertThat(run("--dry-run").err())
                .contains(
                        "labels.csv (CSV): it is not clear which field holds the image's id: name one with --id-field");
    }

    @Test
    void aBadValueIsAUsageError() {
        assertThat(run("--map", "Hat=Cap").code()).isEqualTo(2);
        assertThat(run("--domain", "a b").code()).isEqualTo(2);
        assertThat(run("--rate", "-1").code()).isEqualTo(2);
    }
}
