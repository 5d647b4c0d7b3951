package io.acclimate.app.role;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.acclimate.app.Main;
import io.acclimate.broker.EmbeddedBroker;
import io.acclimate.broker.EmbeddedBrokerSettings;
import io.acclimate.broker.FreePort;
import io.acclimate.web.Certificate;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Roles with every kind of secret that they can be given: all that they log, print and answer is searched for them. */
class SecretsIT {
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final String PASSWORD = "kafka-pa55-w0rd";
    private static final String TOKEN = "t0ken-of-the-operator";
    private static final String WRONG = "t0ken-mistyped";
    private static final Pattern STARTED = Pattern.compile("RoleCommand - started, (https://\\S+)");

    @TempDir
    Path folder;

    private final StringWriter printed = new StringWriter();
    private final ByteArrayOutputStream errors = new ByteArrayOutputStream();
    private final StringBuilder answers = new StringBuilder();
    private final Set<Integer> statuses = new HashSet<>();

    @Test
    void fault25SecretsAreInNoLogAnswerOrMessageWhateverHappens() throws Exception {
        Path log = folder.resolve("all.log");
        Certificate certificate = Certificate.in(folder);
        List<Thread> roles = new ArrayList<>();
        HttpClient https =
                HttpClient.newBuilder().sslContext(certificate.trusting()).build();
        try (CapturedLog captured = new CapturedLog(log)) {
            assertThat(captured).isNotNull();
            try (EmbeddedBroker broker = EmbeddedBroker.start(broker())) {
                Path client =
                        Files.writeString(folder.resolve("client.properties"), client(jaas("\"" + PASSWORD + "\"")));
                for (String role : List.of("serve", "minibatch", "adapt", "web")) {
                    List<String> options = options(role, broker, client, certificate);
                    Thread thread = new Thread(() -> run(role, options), role);
                    thread.setDaemon(true);
                    roles.add(thread);
                    thread.start();
                }
                await().atMost(LIMIT)
                        .untilAsserted(
                                () -> assertThat(urls(log)).as("%s", printed).hasSize(roles.size()));
                for (URI url : urls(log)) {
                    await().atMost(LIMIT)
                            .until(() -> get(https, url, "/health/ready").statusCode() == 200);
                    for (String path : List.of("/metrics", "/api/versions", "/api/versions/default", "/no/such", "/")) {
                        get(https, url, path);
                    }
                    for (String token : List.of(TOKEN, WRONG)) {
                        post(https, url, token, "rollback", "");
                        post(https, url, token, "activate", "{\"version\":");
                    }
                }
                // The domain has had no event, so the command with the right token is answered with 404.
                assertThat(statuses).contains(200, 400, 403, 404).doesNotContain(500);
            }
            for (URI url : urls(log)) {
                await().atMost(LIMIT)
                        .until(() -> get(https, url, "/health/ready").statusCode() == 503);
            }
        } finally {
            for (Thread role : roles) {
                role.interrupt();
            }
            for (Thread role : roles) {
                role.join(LIMIT.toMillis());
            }
        }

        String[] secrets = {PASSWORD, TOKEN, WRONG, Certificate.PASSWORD};
        assertThat(lines(log, "sasl.jaas.config = [hidden]"))
                .as("settings are logged")
                .isNotEmpty();
        assertThat(lines(log, secrets)).isEmpty();
        assertThat(answers.toString()).doesNotContain(secrets);
        assertThat(printed.toString()).doesNotContain(secrets);
    }

    @Test
    void fault25WhatIsSaidOfABadOrWrongPasswordDoesNotHoldIt() throws Exception {
        Path log = folder.resolve("bad.log");
        PrintStream shown = System.err;
        try (CapturedLog captured = new CapturedLog(log);
                EmbeddedBroker broker = EmbeddedBroker.start(broker())) {
            assertThat(captured).isNotNull();
            System.setErr(new PrintStream(errors, true, StandardCharsets.UTF_8));
            int number = 0;
            for (String value : List.of(
                    "\"" + WRONG + "\"",
                    "\"" + WRONG,
                    WRONG + "=" + WRONG,
                    WRONG + " " + WRONG,
                    "\"x\" " + WRONG + "=\"y\" " + WRONG)) {
                Path client = Files.writeString(folder.resolve("bad-" + number++ + ".properties"), client(jaas(value)));
                for (String command : List.of("serve", "versions")) {
                    run(command, List.of("--bootstrap=" + broker.bootstrapServers(), "--command-config=" + client));
                    run(
                            command,
                            List.of(
                                    "--bootstrap=" + broker.bootstrapServers(),
                                    "-Ksecurity.protocol=SASL_PLAINTEXT",
                                    "-Ksasl.mechanism=PLAIN",
                                    "-Ksasl.jaas.config=" + jaas(value)));
                }
            }
        } finally {
            System.setErr(shown);
        }
        assertThat(errors.toString(StandardCharsets.UTF_8)).doesNotContain(WRONG);
        assertThat(printed.toString()).contains("serve: ", "versions: ").doesNotContain(WRONG);
        assertThat(lines(log, WRONG)).isEmpty();
    }

    private static List<String> lines(Path log, String... texts) throws IOException {
        try (Stream<String> all = Files.lines(log)) {
            return all.filter(line -> Stream.of(texts).anyMatch(line::contains)).toList();
        }
    }

    private static String jaas(String password) {
        return "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"service\" password="
                + password + ";";
    }

    private static String client(String jaas) {
        return "security.protocol=SASL_PLAINTEXT\nsasl.mechanism=PLAIN\nsasl.jaas.config=" + jaas
                + "\nrequest.timeout.ms=2000\ndefault.api.timeout.ms=5000\nreconnect.backoff.max.ms=500\n";
    }

    private EmbeddedBrokerSettings broker() {
        String users = "\"" + PASSWORD + "\" user_service=\"" + PASSWORD + "\"";
        return new EmbeddedBrokerSettings(
                folder.resolve("kafka"),
                0,
                Map.of(
                        "listener.security.protocol.map", "PLAINTEXT:SASL_PLAINTEXT,CONTROLLER:PLAINTEXT",
                        "sasl.enabled.mechanisms", "PLAIN",
                        "sasl.mechanism.inter.broker.protocol", "PLAIN",
                        "listener.name.plaintext.plain.sasl.jaas.config", jaas(users)));
    }

    private List<String> options(String role, EmbeddedBroker broker, Path client, Certificate certificate)
            throws IOException {
        List<String> options = new ArrayList<>(List.of(
                "--bootstrap=" + broker.bootstrapServers(),
                "--command-config=" + client,
                "--token-file=" + Files.writeString(folder.resolve(role + ".token"), TOKEN),
                "--tls-keystore=" + certificate.store(),
                "--tls-password-file=" + Files.writeString(folder.resolve(role + ".tls"), Certificate.PASSWORD),
                "--http-port=" + FreePort.take(),
                "--instance=" + role));
        if (role.equals("minibatch")) {
            options.add("--state-dir=" + folder.resolve("state"));
        }
        return options;
    }

    private int run(String command, List<String> options) {
        List<String> arguments = new ArrayList<>(List.of(command));
        arguments.addAll(options);
        PrintWriter out = new PrintWriter(printed, true);
        CommandLine line = Main.line().setErr(out).setOut(out);
        return Main.run(line, arguments.toArray(String[]::new), Map.of());
    }

    private static List<URI> urls(Path log) throws IOException {
        Matcher started = STARTED.matcher(Files.readString(log));
        return started.results().map(each -> URI.create(each.group(1))).toList();
    }

    private HttpResponse<String> get(HttpClient client, URI url, String path) throws IOException, InterruptedException {
        return note(client.send(HttpRequest.newBuilder(url.resolve(path)).build(), BodyHandlers.ofString()));
    }

    private void post(HttpClient client, URI url, String token, String verb, String body)
            throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(url.resolve("/api/versions/default/" + verb))
                .header("Authorization", "Bearer " + token)
                .POST(BodyPublishers.ofString(body))
                .build();
        note(client.send(request, BodyHandlers.ofString()));
    }

    private HttpResponse<String> note(HttpResponse<String> answer) {
        statuses.add(answer.statusCode());
        answers.append(answer.statusCode()).append(answer.headers()).append(answer.body());
        return answer;
    }
}
