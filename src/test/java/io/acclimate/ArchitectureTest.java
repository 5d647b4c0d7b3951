package io.acclimate;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The table of rooms: who may import whom, no cycles, and one owner for each library. */
class ArchitectureTest {
    private static final String ROOT = "io.acclimate.";
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.acclimate")
            .that(describe("are in a room", each -> !each.getPackageName().equals("io.acclimate")));

    private static final Map<String, Set<String>> MAY_IMPORT = Map.ofEntries(
            Map.entry("core", Set.of()),
            Map.entry("telemetry", Set.of("core")),
            Map.entry("text", Set.of("core")),
            Map.entry("scratch", Set.of()),
            Map.entry("image", Set.of("core", "text")),
            Map.entry("dataset", Set.of("core", "image")),
            Map.entry("onnx", Set.of("core")),
            Map.entry("infer", Set.of("core", "onnx", "telemetry")),
            Map.entry("registry", Set.of("core", "onnx", "telemetry", "wire", "kafka")),
            Map.entry("wire", Set.of("core")),
            Map.entry("kafka", Set.of("core", "wire", "telemetry")),
            Map.entry(
                    "serve",
                    Set.of("core", "image", "infer", "onnx", "registry", "scratch", "wire", "kafka", "telemetry")),
            Map.entry("minibatch", Set.of("core", "wire", "kafka", "telemetry")),
            Map.entry("train", Set.of("core", "onnx", "telemetry")),
            Map.entry("gate", Set.of("core")),
            Map.entry(
                    "adapt",
                    Set.of(
                            "core",
                            "image",
                            "infer",
                            "onnx",
                            "train",
                            "gate",
                            "registry",
                            "scratch",
                            "wire",
                            "kafka",
                            "telemetry")),
            Map.entry("web", Set.of("core", "registry", "telemetry")),
            // Speaks as every client of the service does, by the contract alone.
            Map.entry("client", Set.of("core", "wire", "kafka")),
            Map.entry("broker", Set.of("core")));

    /** Library package to the rooms that may touch it; {@code app} wires and may touch all. */
    private static final Map<String, Set<String>> OWNERS = Map.ofEntries(
            Map.entry("io.micrometer.", Set.of("telemetry")),
            Map.entry("io.opentelemetry.", Set.of("telemetry")),
            Map.entry("javax.imageio.", Set.of("image", "dataset")),
            Map.entry("ai.onnx.proto.", Set.of("onnx")),
            Map.entry("ai.onnxruntime.", Set.of("infer")),
            Map.entry("ai.djl.", Set.of("train", "text")),
            Map.entry("ai.djl.huggingface.", Set.of("text")),
            Map.entry("org.apache.kafka.streams.", Set.of("minibatch", "telemetry")),
            Map.entry("io.javalin.", Set.of("web")),
            Map.entry("org.eclipse.jetty.", Set.of("web")),
            Map.entry("kafka.server.", Set.of("broker")),
            Map.entry("org.apache.kafka.metadata.", Set.of("broker")),
            Map.entry("picocli.", Set.of()),
            Map.entry("io.smallrye.config.", Set.of()));

    @Test
    void roomsImportOnlyWhatTheTableAllows() {
        Set<String> violations = new TreeSet<>();
        for (JavaClass each : CLASSES) {
            String from = room(each.getPackageName());
            if (from.equals("app")) {
                continue;
            }
            assertThat(MAY_IMPORT).as("room of %s", each.getName()).containsKey(from);
            each.getDirectDependenciesFromSelf().forEach(dependency -> {
                String target = dependency.getTargetClass().getPackageName();
                if (target.startsWith(ROOT)) {
                    String to = room(target);
                    if (!to.equals(from)
                            && !MAY_IMPORT.getOrDefault(from, Set.of()).contains(to)) {
                        violations.add(from + " -> " + to + " in " + each.getName());
                    }
                }
            });
        }
        assertThat(violations).isEmpty();
    }

    @Test
    void noNumberTakesPartInAGradientWithoutBeingHeldForTheStep() {
        Set<String> violations = new TreeSet<>();
        for (JavaClass each : CLASSES) {
            each.getMethodCallsFromSelf().stream()
                    .filter(call -> call.getTargetOwner().getName().equals("ai.djl.ndarray.NDArray"))
                    .filter(call -> Set.of("mul", "div", "pow", "maximum", "minimum")
                            .contains(call.getTarget().getName()))
                    .filter(call -> call.getTarget()
                            .getRawParameterTypes()
                            .get(0)
                            .getName()
                            .equals("java.lang.Number"))
                    .forEach(call -> violations.add(call.getDescription()));
        }
        assertThat(violations).as("use train.Scalars").isEmpty();
    }

    /** All but these measure by the monotonic clock: what they take from the wall clock is stamped on something that is kept. */
    private static final Set<String> STAMPS = Set.of(
            // Event times, and times of records until now, which other processes stamped.
            "io.acclimate.adapt.domain.Commands",
            "io.acclimate.adapt.domain.DomainWorker",
            "io.acclimate.adapt.domain.LabelledRounds",
            "io.acclimate.adapt.worker.Intake",
            "io.acclimate.adapt.worker.RoundWriter",
            // The time of the last pass outlives its process.
            "io.acclimate.adapt.worker.StartPasses",
            "io.acclimate.serve.PollBatch",
            "io.acclimate.serve.ServedModels",
            // Kafka Streams' clock: a buffer or a label that waits outlives its process, and bears a clock that goes
            // back.
            "io.acclimate.minibatch.BufferProcessor",
            "io.acclimate.minibatch.JoinProcessor",
            "io.acclimate.minibatch.LabelProcessor",
            "io.acclimate.minibatch.UnlabelledProcessor",
            // What a viewer is shown.
            "io.acclimate.app.doctor.DoctorCommand",
            "io.acclimate.app.report.ReportCommand",
            "io.acclimate.app.watch.LiveWatcher",
            "io.acclimate.web.LiveFeed");

    @Test
    void fault24OnlyWhatStampsRecordsReadsTheWallClock() {
        Set<String> readers = new TreeSet<>();
        for (JavaClass each : CLASSES) {
            boolean reads = each.getCodeUnitAccessesFromSelf().stream()
                    .anyMatch(access -> isWallClock(access.getTargetOwner().getName(), access.getName()));
            if (reads) {
                readers.add(each.getName());
            }
        }
        assertThat(readers).containsExactlyInAnyOrderElementsOf(STAMPS);
    }

    /** All others use {@code WatchedThread}: a thread that ends by an exception must not leave its owner's health as it was. */
    private static final Set<String> THREADS = Set.of(
            "io.acclimate.telemetry.WatchedThread",
            // Ends in a state of its own, Failed, which is not ready.
            "io.acclimate.serve.Serving",
            // The owner waits for these, and gets their exceptions.
            "io.acclimate.adapt.worker.Outboxes",
            "io.acclimate.app.role.EnsuredTopics",
            "io.acclimate.app.bench.BenchCost",
            "io.acclimate.app.bench.BenchPassThrough",
            // Serves one viewer, whose stream it closes at its end.
            "io.acclimate.web.LiveStreams",
            // No health depends on these.
            "io.acclimate.telemetry.KafkaBinding",
            "io.acclimate.app.demo.DemoScreen",
            "io.acclimate.app.process.NativeHeap",
            "io.acclimate.app.process.Shutdown");

    @Test
    void noThreadEndsWithoutAnybodyNoticing() {
        Set<String> owners = new TreeSet<>();
        for (JavaClass each : CLASSES) {
            each.getConstructorCallsFromSelf().stream()
                    .filter(call -> call.getTargetOwner().getName().equals("java.lang.Thread"))
                    .forEach(call -> owners.add(topLevel(each.getName())));
        }
        assertThat(owners).containsExactlyInAnyOrderElementsOf(THREADS);
    }

    private static boolean isWallClock(String owner, String name) {
        return switch (name) {
            case "currentTimeMillis", "currentSystemTimeMs" -> true;
            case "now" -> owner.startsWith("java.time.");
            case "millis", "instant" -> owner.equals("java.time.Clock") || owner.equals("java.time.InstantSource");
            case "<init>" -> owner.equals("java.util.Date");
            case "getInstance" -> owner.equals("java.util.Calendar");
            default -> false;
        };
    }

    @Test
    void eachLibraryHasOneOwner() {
        Set<String> violations = new TreeSet<>();
        for (JavaClass each : CLASSES) {
            String from = room(each.getPackageName());
            each.getDirectDependenciesFromSelf()
                    .forEach(dependency -> OWNERS.forEach((library, owners) -> {
                        if (dependency.getTargetClass().getName().startsWith(library)
                                && !from.equals("app")
                                && !owners.contains(from)) {
                            violations.add(from + " -> " + library + " in " + each.getName());
                        }
                    }));
        }
        assertThat(violations).isEmpty();
    }

    @Test
    void roomsAreFreeOfCycles() {
        slices().matching("io.acclimate.(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void innerRoomsAreFreeOfCycles() {
        slices().matching("io.acclimate.(**)").should().beFreeOfCycles().check(CLASSES);
    }

    /** Two types that know each other are one type in two files. A type may know its permitted subtypes, as a sealed one must. */
    @Test
    void typesOfARoomFormNoCircle() {
        Map<String, Set<String>> knows = new TreeMap<>();
        for (JavaClass each : CLASSES) {
            each.getDirectDependenciesFromSelf().stream()
                    .filter(dependency -> !dependency.getTargetClass().isAssignableTo(each.getName()))
                    .map(dependency -> dependency.getTargetClass())
                    .filter(target -> target.getPackageName().equals(each.getPackageName()))
                    .filter(target -> !each.getPackageName().equals("io.acclimate.wire.v1"))
                    .filter(target -> !topLevel(target.getName()).equals(topLevel(each.getName())))
                    .forEach(target -> knows.computeIfAbsent(topLevel(each.getName()), name -> new TreeSet<>())
                            .add(topLevel(target.getName())));
        }
        // Whatever knows none that is left is in no circle.
        int before;
        do {
            before = knows.size();
            knows.values().forEach(targets -> targets.retainAll(knows.keySet()));
            knows.values().removeIf(Set::isEmpty);
        } while (knows.size() < before);
        // Nor is what none that is left knows.
        do {
            before = knows.size();
            Set<String> known = new TreeSet<>();
            knows.values().forEach(known::addAll);
            knows.keySet().retainAll(known);
        } while (knows.size() < before);
        assertThat(knows).isEmpty();
    }

    /**
     * The types of inner rooms that other rooms may import. All public types directly in a room are its face already. A type is public
     * for its neighbours inside the room more often than for other rooms, and only this table tells the two apart.
     */
    private static final Set<String> FACES = Set.of(
            "adapt.samples.TrainingHeap",
            "adapt.settings.AdaptSettings",
            "adapt.settings.AnswerSettings",
            "adapt.settings.DriftSettings",
            "adapt.settings.EvaluationSettings",
            "adapt.settings.FreshnessSettings",
            "adapt.settings.OutputSettings",
            "adapt.settings.PaceSettings",
            "adapt.settings.RetentionSettings",
            "adapt.settings.StepSettings",
            "adapt.settings.UnlabelledSettings",
            "adapt.rebuild.Rebuild",
            "adapt.rebuild.RebuildReport",
            "adapt.rebuild.Rebuilt",
            "adapt.states.ListedDomain",
            "adapt.trial.Trial",
            "adapt.worker.Adapting",
            "onnx.card.CardYaml",
            "onnx.card.ModelCard",
            "onnx.node.Attributes",
            "onnx.node.ConstantTensor",
            "onnx.node.GraphNode",
            "onnx.node.InvalidModelException",
            "onnx.node.WeightFile",
            "onnx.rewrite.FreshRows",
            "onnx.rewrite.UntrainedRows",
            "onnx.shape.OperatorFacts",
            "onnx.shape.SliceRange",
            "onnx.shape.StandardOperators",
            "train.offline.Augmentation",
            "train.offline.OfflineSettings",
            "train.offline.OfflineTraining",
            "train.offline.SmallCnn");

    @Test
    void otherRoomsImportFacesOnly() {
        Set<String> imported = new TreeSet<>();
        for (JavaClass each : CLASSES) {
            each.getDirectDependenciesFromSelf().forEach(dependency -> {
                String target = dependency.getTargetClass().getPackageName();
                if (target.startsWith(ROOT)
                        && target.indexOf('.', ROOT.length()) > 0
                        && !target.startsWith("io.acclimate.wire.v1")
                        && !room(target).equals(room(each.getPackageName()))) {
                    imported.add(topLevel(dependency.getTargetClass().getName()).substring(ROOT.length()));
                }
            });
        }
        assertThat(imported).containsExactlyInAnyOrderElementsOf(FACES);
    }

    @Test
    void noRoomHasMoreThan26Types() {
        Map<String, Long> sizes = new TreeMap<>();
        for (JavaClass each : CLASSES) {
            if (each.isTopLevelClass()
                    && !each.getSimpleName().equals("package-info")
                    && !each.getPackageName().equals("io.acclimate.wire.v1")) {
                sizes.merge(each.getPackageName(), 1L, Long::sum);
            }
        }
        sizes.values().removeIf(size -> size <= 26);
        assertThat(sizes).isEmpty();
    }

    @Test
    void learningSeesNoKafka() {
        Set<String> violations = new TreeSet<>();
        for (JavaClass each : CLASSES) {
            if (each.getPackageName().startsWith("io.acclimate.adapt.domain")
                    || each.getPackageName().equals("io.acclimate.adapt.versions")
                    || room(each.getPackageName()).equals("gate")) {
                each.getDirectDependenciesFromSelf().stream()
                        .map(dependency -> dependency.getTargetClass().getName())
                        .filter(name -> name.startsWith("org.apache.kafka."))
                        .forEach(name -> violations.add(each.getName() + " -> " + name));
            }
        }
        assertThat(violations).isEmpty();
    }

    /** The bench's clients stand in for a user's own: it compares with what a user would write. */
    @Test
    void clientsOfKafkaAreOpenedInOneRoom() {
        Set<String> violations = new TreeSet<>();
        for (JavaClass each : CLASSES) {
            boolean exempt = Set.of("kafka", "broker").contains(room(each.getPackageName()))
                    || each.getName().equals("io.acclimate.minibatch.StreamsClients")
                    || each.getPackageName().equals("io.acclimate.app.bench");
            each.getCodeUnitAccessesFromSelf().stream()
                    .filter(access ->
                            !exempt && opensClient(access.getTargetOwner().getName(), access.getName()))
                    .forEach(access -> violations.add(access.getDescription()));
        }
        assertThat(violations).as("use kafka.ClientProperties").isEmpty();
    }

    private static boolean opensClient(String owner, String name) {
        return switch (owner) {
            case "org.apache.kafka.clients.consumer.KafkaConsumer", "org.apache.kafka.clients.producer.KafkaProducer" ->
                name.equals("<init>");
            case "org.apache.kafka.clients.admin.Admin",
                    "org.apache.kafka.clients.admin.AdminClient",
                    "org.apache.kafka.clients.admin.KafkaAdminClient" ->
                name.startsWith("create") && !name.equals("createTopics");
            default -> false;
        };
    }

    private static String topLevel(String name) {
        int nested = name.indexOf('$');
        return nested < 0 ? name : name.substring(0, nested);
    }

    private static String room(String packageName) {
        String rest = packageName.substring(Math.min(packageName.length(), ROOT.length()));
        int dot = rest.indexOf('.');
        return dot < 0 ? rest : rest.substring(0, dot);
    }
}
