package io.acclimate.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import io.acclimate.broker.EmbeddedBroker;
import io.acclimate.broker.EmbeddedBrokerSettings;
import io.acclimate.broker.FreePort;
import io.acclimate.kafka.TopicCreator;
import io.acclimate.kafka.TopicPlan;
import io.acclimate.wire.Topics;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** What can be wrong between a command and Kafka, for each command that talks to Kafka: its terminal names it within ten seconds. */
class TroubleIT {
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final Duration END = Duration.ofMinutes(1);
    private static final String PASSWORD = "pa55-w0rd";

    @TempDir
    static Path folder;

    private static EmbeddedBroker broker;
    private static HttpServer http;

    private final ByteArrayOutputStream terminal = new ByteArrayOutputStream();

    /** Users of the broker, by what they lack. The administrator lacks nothing. */
    private enum User {
        ADMIN,
        STRANGER,
        NOT_READING,
        NOT_WRITING,
        NOT_GROUPED,
        NOT_TRANSACTING,
        NOT_CREATING
    }

    /** What is wrong, and the words that name it. */
    private enum Trouble {
        UNREACHABLE("nothing listens at 127.0.0.1:"),
        NOT_KAFKA("is not Kafka: it answers 'HTTP/1.1 "),
        NO_SASL("this listener wants SASL"),
        WRONG_PASSWORD("Invalid username or password"),
        NO_RIGHT_AT_ALL("(?i)may not|not authorized|this user lacks|missing: "),
        NO_READ("lacks .*READ on topic |Not authorized to access topics: \\["),
        NO_WRITE("lacks .*WRITE on topic |needs WRITE on |Not authorized to access topics: \\["),
        NO_GROUP("(grant |lacks .*)READ on group acclimate-"),
        NO_OWN_TOPIC("grant CREATE, READ, WRITE and DELETE on topics that begin with acclimate-minibatch-"),
        NO_TRANSACTION("WRITE on (the )?transactional ids that begin with acclimate-"),
        NO_TOPIC("(do|does) not exist|there is no topic|missing: ");

        final Pattern named;

        Trouble(String named) {
            this.named = Pattern.compile(named);
        }

        private List<String> options() {
            return switch (this) {
                case UNREACHABLE -> List.of("--bootstrap=127.0.0.1:" + FreePort.take());
                case NOT_KAFKA ->
                    List.of("--bootstrap=127.0.0.1:" + http.getAddress().getPort());
                case NO_SASL -> List.of("--bootstrap=" + broker.bootstrapServers());
                case WRONG_PASSWORD -> sasl(User.ADMIN, "wrong");
                case NO_RIGHT_AT_ALL -> sasl(User.STRANGER, PASSWORD);
                case NO_READ -> sasl(User.NOT_READING, PASSWORD);
                case NO_WRITE -> sasl(User.NOT_WRITING, PASSWORD);
                case NO_GROUP -> sasl(User.NOT_GROUPED, PASSWORD);
                case NO_OWN_TOPIC -> sasl(User.NOT_CREATING, PASSWORD);
                case NO_TRANSACTION -> sasl(User.NOT_TRANSACTING, PASSWORD);
                case NO_TOPIC -> {
                    List<String> options = new ArrayList<>(sasl(User.NOT_CREATING, PASSWORD));
                    options.add("--topic-prefix=no-");
                    yield options;
                }
            };
        }
    }

    private enum Command {
        SERVE("serve"),
        MINIBATCH("minibatch"),
        ADAPT("adapt"),
        WEB("web"),
        REPLAY("replay --limit=20 --rate=0"),
        LABEL("label import"),
        TAIL("tail predictions"),
        VERSIONS("versions"),
        PAUSE("pause"),
        DEAD_LETTERS("dead-letters list"),
        REPORT("report"),
        DOCTOR("doctor");

        private static final Set<Command> ROLES = EnumSet.of(SERVE, MINIBATCH, ADAPT, WEB);
        private static final Set<Command> READING =
                EnumSet.of(SERVE, MINIBATCH, ADAPT, WEB, TAIL, VERSIONS, DEAD_LETTERS, REPORT, DOCTOR);
        private static final Set<Command> WRITING = EnumSet.of(SERVE, MINIBATCH, ADAPT, REPLAY, LABEL, PAUSE, DOCTOR);
        private static final Set<Command> GROUPED = EnumSet.of(SERVE, MINIBATCH, ADAPT, DOCTOR);

        private final String words;

        Command(String words) {
            this.words = words;
        }

        private boolean meets(Trouble trouble) {
            return switch (trouble) {
                case NO_READ -> READING.contains(this);
                case NO_WRITE -> WRITING.contains(this);
                case NO_OWN_TOPIC -> this == MINIBATCH;
                case NO_GROUP, NO_TRANSACTION -> GROUPED.contains(this);
                default -> true;
            };
        }

        private List<String> own() throws IOException {
            return switch (this) {
                case MINIBATCH ->
                    List.of("--http-port=none", "--state-dir=" + Files.createTempDirectory(folder, "state"));
                case SERVE, ADAPT, WEB -> List.of("--http-port=none");
                case LABEL ->
                    List.of(Files.writeString(folder.resolve("labels.csv"), "image_id,label\ncat-1,T-shirt/top\n")
                            .toString());
                case REPORT -> List.of(folder.resolve("report.html").toString());
                default -> List.of();
            };
        }
    }

    @BeforeAll
    static void start() throws Exception {
        http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        http.start();
        StringBuilder users = new StringBuilder(login(User.ADMIN, PASSWORD).replace(";", ""));
        for (User each : User.values()) {
            users.append(" user_").append(each).append("=\"").append(PASSWORD).append('"');
        }
        broker = EmbeddedBroker.start(new EmbeddedBrokerSettings(
                folder.resolve("kafka"),
                0,
                Map.of(
                        "listener.security.protocol.map", "PLAINTEXT:SASL_PLAINTEXT,CONTROLLER:PLAINTEXT",
                        "sasl.enabled.mechanisms", "PLAIN",
                        "sasl.mechanism.inter.broker.protocol", "PLAIN",
                        "listener.name.plaintext.plain.sasl.jaas.config", users + ";",
                        "authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
                        "super.users", "User:ADMIN;User:ANONYMOUS")));
        Map<String, Object> administrator = Map.of(
                "bootstrap.servers",
                broker.bootstrapServers(),
                "security.protocol",
                "SASL_PLAINTEXT",
                "sasl.mechanism",
                "PLAIN",
                "sasl.jaas.config",
                login(User.ADMIN, PASSWORD));
        try (Admin admin = Admin.create(administrator)) {
            TopicCreator.ensure(admin, Topics.DEFAULT, TopicPlan.DEFAULT);
            List<AclBinding> rights = new ArrayList<>();
            for (User each : EnumSet.range(User.NOT_READING, User.NOT_CREATING)) {
                rights.add(right(each, ResourceType.TOPIC, AclOperation.DESCRIBE));
                rights.add(right(each, ResourceType.TOPIC, AclOperation.DESCRIBE_CONFIGS));
                if (each == User.NOT_TRANSACTING) {
                    rights.add(right(each, ResourceType.TOPIC, AclOperation.CREATE));
                } else {
                    rights.add(right(each, ResourceType.TRANSACTIONAL_ID, AclOperation.ALL));
                }
                if (each != User.NOT_READING) {
                    rights.add(right(each, ResourceType.TOPIC, AclOperation.READ));
                }
                if (each != User.NOT_WRITING) {
                    rights.add(right(each, ResourceType.TOPIC, AclOperation.WRITE));
                }
                if (each != User.NOT_GROUPED) {
                    rights.add(right(each, ResourceType.GROUP, AclOperation.ALL));
                }
            }
            admin.createAcls(rights).all().get();
        }
        // What is empty may be said to be empty by somebody who may not read it.
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(administrator, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (String topic : List.of(
                    Topics.DEFAULT.modelVersions(), Topics.DEFAULT.adaptationEvents(), Topics.DEFAULT.deadLetters())) {
                producer.send(new ProducerRecord<>(topic, new byte[] {'a'}, new byte[] {'b'}))
                        .get();
            }
        }
    }

    @AfterAll
    static void stop() {
        broker.close();
        http.stop(0);
    }

    static Stream<Arguments> cells() {
        return Stream.of(Trouble.values()).flatMap(trouble -> Stream.of(Command.values())
                .filter(command -> command.meets(trouble))
                .map(command -> Arguments.of(trouble, command)));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("cells")
    void theTerminalNamesTheTroubleWithinTenSeconds(Trouble trouble, Command command) throws Exception {
        List<String> arguments = new ArrayList<>(List.of(command.words.split(" ")));
        arguments.addAll(command.own());
        arguments.addAll(trouble.options());
        PrintStream shown = System.err;
        System.setErr(new PrintStream(terminal, true, StandardCharsets.UTF_8));
        Thread thread = new Thread(() -> run(arguments), command.name());
        thread.setDaemon(true);
        long began = System.nanoTime();
        long took;
        try {
            thread.start();
            await().atMost(END)
                    .pollInterval(Duration.ofMillis(20))
                    .until(() -> trouble.named.matcher(said()).find()
                            || !thread.isAlive()
                            || System.nanoTime() - began > LIMIT.toNanos());
            took = System.nanoTime() - began;
        } finally {
            // Roles wait for what is missing; all others have ended.
            if (Command.ROLES.contains(command)) {
                thread.interrupt();
            }
            thread.join(END.toMillis());
            System.setErr(shown);
        }

        System.out.printf("%-16s %-13s %6.2f s%n", trouble, command, took / 1e9);
        assertThat(said()).containsPattern(trouble.named);
        assertThat(Duration.ofNanos(took)).isLessThan(LIMIT);
        assertThat(thread.isAlive()).isFalse();
    }

    private String said() {
        return terminal.toString(StandardCharsets.UTF_8);
    }

    private void run(List<String> arguments) {
        PrintWriter out = new PrintWriter(terminal, true, StandardCharsets.UTF_8);
        CommandLine line = Main.line().setErr(out).setOut(out);
        Main.run(line, arguments.toArray(String[]::new), Map.of());
    }

    private static List<String> sasl(User user, String password) {
        return List.of(
                "--bootstrap=" + broker.bootstrapServers(),
                "-Ksecurity.protocol=SASL_PLAINTEXT",
                "-Ksasl.mechanism=PLAIN",
                "-Ksasl.jaas.config=" + login(user, password));
    }

    private static String login(User user, String password) {
        return "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"" + user + "\" password=\""
                + password + "\";";
    }

    private static AclBinding right(User user, ResourceType type, AclOperation operation) {
        return new AclBinding(
                new ResourcePattern(type, "*", PatternType.LITERAL),
                new AccessControlEntry("User:" + user, "*", operation, AclPermissionType.ALLOW));
    }
}
