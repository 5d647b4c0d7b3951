package io.acclimate.app.offline;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class InspectGoldenTest {
    @Test
    void theJsonHasTheseFields() throws Exception {
        StringWriter out = new StringWriter();

        new CommandLine(new InspectCommand()).setOut(new PrintWriter(out)).execute("--json");

        List<String> fields = new ArrayList<>();
        JsonNode facts = new ObjectMapper().readTree(out.toString());
        facts.properties()
                .forEach(
                        each -> fields.add(each.getKey() + " " + each.getValue().getNodeType()));
        assertThat(fields)
                .as("scripts read these fields of `inspect --json`")
                .containsExactly(
                        "name STRING",
                        "digest STRING",
                        "opset NUMBER",
                        "input STRING",
                        "pixels STRING",
                        "output STRING",
                        "classes ARRAY",
                        "guessed ARRAY",
                        "otherClasses STRING",
                        "provenance OBJECT",
                        "operators OBJECT",
                        "parameters OBJECT",
                        "parameterCount NUMBER",
                        "memory OBJECT",
                        "parity NUMBER",
                        "scale NUMBER",
                        "trainable OBJECT");
        assertThat(facts.get("trainable").fieldNames()).toIterable().containsExactly("all", "last:2", "head", "norm");
    }
}
