package io.acclimate.telemetry;

import java.util.List;

/**
 * Every meter of the service. In Prometheus the dots become underscores, counters end in {@code _total}, timers are in
 * seconds with {@code _bucket}, {@code _sum} and {@code _count}.
 */
public enum Meter {
    TOPIC_BYTES(
            "acclimate.topic.bytes",
            Type.GAUGE,
            "bytes",
            "Bytes that the brokers hold of a topic, all replicas together; measured every minute by web and up.",
            "topic"),
    IMAGES_RECEIVED("acclimate.images.received", Type.COUNTER, "records", "Image records that serving polled."),
    IMAGES_IN_FLIGHT(
            "acclimate.images.in.flight", Type.GAUGE, "records", "Image records polled and not yet committed."),
    IMAGES_DROPPED(
            "acclimate.images.dropped",
            Type.COUNTER,
            "records",
            "Image records whose work was thrown away with a lost assignment or an aborted transaction; they are read again."),
    PREDICTIONS("acclimate.predictions", Type.COUNTER, "records", "Predictions committed.", "domain"),
    PREDICTION_LATENCY(
            "acclimate.prediction.latency",
            Type.TIMER,
            "seconds",
            "Time from the image record's timestamp to its prediction.",
            "domain"),
    INFERENCE_BATCH_SIZE("acclimate.inference.batch.size", Type.SUMMARY, "rows", "Rows of one session run."),
    DECODE_TIME("acclimate.decode.time", Type.TIMER, "seconds", "Time to turn one image into the model's input row."),
    RUN_TIME("acclimate.run.time", Type.TIMER, "seconds", "Time of one session run over an inference batch."),
    TRANSACTIONS_ABORTED(
            "acclimate.transactions.aborted", Type.COUNTER, "transactions", "Transactions that were aborted.", "stage"),
    DEAD_LETTERS(
            "acclimate.dead.letters",
            Type.COUNTER,
            "records",
            "Records that could not be processed, by the stage that refused them and the reason.",
            "stage",
            "reason"),

    LABELS_RECEIVED("acclimate.labels.received", Type.COUNTER, "records", "Label records read."),
    UNLABELLED_BATCHED(
            "acclimate.unlabelled.batched",
            Type.COUNTER,
            "images",
            "Served images that went into the domain's mini-batches without labels.",
            "domain"),
    IMAGES_INDEXED(
            "acclimate.images.indexed",
            Type.COUNTER,
            "records",
            "Predictions noted, so that their images can be labelled by id."),
    LABELS_JOINED(
            "acclimate.labels.joined",
            Type.COUNTER,
            "records",
            "Labels without bytes that got their image's, by the image's domain.",
            "domain"),
    LABELS_PENDING(
            "acclimate.labels.pending",
            Type.GAUGE,
            "records",
            "Labels without bytes that wait for their image's prediction or bytes."),
    SAMPLES_BUFFERED(
            "acclimate.samples.buffered", Type.GAUGE, "samples", "Labelled samples waiting for their mini-batch."),
    SAMPLES_BATCHED(
            "acclimate.samples.batched",
            Type.COUNTER,
            "samples",
            "Labelled samples flushed in mini-batches.",
            "domain"),
    MINI_BATCH_SIZE(
            "acclimate.mini.batch.size", Type.SUMMARY, "samples", "Samples of one mini-batch.", "domain", "cause"),
    MINI_BATCH_WAIT(
            "acclimate.mini.batch.wait",
            Type.TIMER,
            "seconds",
            "Time from a mini-batch's first sample to its flush.",
            "domain"),

    LABEL_DELAY(
            "acclimate.label.delay",
            Type.TIMER,
            "seconds",
            "Time from a label's record timestamp to the adaptation round that uses it.",
            "domain"),
    EFFORT(
            "acclimate.effort",
            Type.GAUGE,
            "ratio",
            "What the last round spent on its labels, as a share of what the settings say: less than 1 while the worker is behind, or where"
                    + " its steps would take long."),
    MINI_BATCH_DELETIONS(
            "acclimate.mini.batch.deletions",
            Type.COUNTER,
            "requests",
            "Requests to delete old mini-batches, by their outcome: done, or refused by the brokers or not made because a domain could not be written, so that the topic grows.",
            "outcome"),
    SAMPLES_READ(
            "acclimate.samples.read",
            Type.COUNTER,
            "samples",
            "Samples of the mini-batches that adapt read.",
            "domain"),
    SAMPLES_TRAINED(
            "acclimate.samples.trained",
            Type.COUNTER,
            "samples",
            "Labelled samples trained on, or kept for later steps by a round without a step.",
            "domain"),
    SAMPLES_HELD_OUT(
            "acclimate.samples.held.out", Type.COUNTER, "samples", "Labelled samples kept for the holdout.", "domain"),
    SAMPLES_LEFT_OUT(
            "acclimate.samples.left.out",
            Type.COUNTER,
            "samples",
            "Labelled samples that were neither scored nor learnt from, since labels come faster than they can be scored.",
            "domain"),
    STEP_TIME("acclimate.step.time", Type.TIMER, "seconds", "Time of one adaptation step.", "domain"),
    STEPS_SKIPPED(
            "acclimate.steps.skipped",
            Type.COUNTER,
            "steps",
            "Steps skipped since loss or gradient was not finite.",
            "domain"),
    TRAINING_RESTARTS(
            "acclimate.training.restarts",
            Type.COUNTER,
            "restarts",
            "Times that training started again from the active version with smaller steps.",
            "domain"),
    LOSS(
            "acclimate.loss",
            Type.GAUGE,
            "nats",
            "Each loss term of the last round, mean over its steps.",
            "domain",
            "term"),
    PREQUENTIAL_ACCURACY(
            "acclimate.prequential.accuracy",
            Type.GAUGE,
            "ratio",
            "Rolling accuracy of the model on labelled samples before they are trained on: what serves (active), the source model (source),"
                    + " or in shadow mode what would serve otherwise (shadow).",
            "domain",
            "model"),
    CLASS_ACCURACY(
            "acclimate.class.accuracy",
            Type.GAUGE,
            "ratio",
            "Rolling accuracy on the labelled samples of one class before they are trained on, of what serves (active) and of the source"
                    + " model (source). NaN while the window has none of the class. Only for models of at most 20 classes.",
            "domain",
            "class",
            "model"),
    CLASS_SAMPLES(
            "acclimate.class.samples",
            Type.COUNTER,
            "samples",
            "Labelled samples that were scored, by their class. Only for models of at most 20 classes.",
            "domain",
            "class"),
    HOLDOUT_ACCURACY(
            "acclimate.holdout.accuracy",
            Type.GAUGE,
            "ratio",
            "Accuracy of the model (candidate, active or source) on the holdout at the last gate decision.",
            "domain",
            "model"),
    CALIBRATION_ERROR(
            "acclimate.calibration.error",
            Type.GAUGE,
            "ratio",
            "Expected calibration error of the newest version on the holdout: of the model's own probabilities (raw) and of those that"
                    + " are served with its temperature (calibrated). NaN when none was fitted for it, when fewer than 64 samples are held out, and after the domain began afresh.",
            "domain",
            "confidence"),
    DECISIONS("acclimate.decisions", Type.COUNTER, "decisions", "Gate decisions by kind.", "domain", "kind"),
    PARTITIONS_SUSPENDED(
            "acclimate.partitions.suspended",
            Type.GAUGE,
            "partitions",
            "Partitions of mini-batches that this instance owns and does not train on, since something of their own failed."),
    SAMPLES_KEPT(
            "acclimate.samples.kept.bytes",
            Type.GAUGE,
            "bytes",
            "Pixels that the domains of this instance keep for replay and in holdouts, by place: memory or disk.",
            "place"),
    MEMORY_LIMIT(
            "acclimate.memory.limit.bytes",
            Type.GAUGE,
            "bytes",
            "What the process may use in all: its container's limit, the machine's memory, or --memory."),
    MEMORY_NEEDED(
            "acclimate.memory.needed.bytes",
            Type.GAUGE,
            "bytes",
            "What the process was estimated to need for its model."),
    ROLLBACKS(
            "acclimate.rollbacks",
            Type.COUNTER,
            "rollbacks",
            "Activations of an earlier version as a rollback, or in shadow mode, changes to it of what would serve.",
            "domain"),
    RESETS(
            "acclimate.domain.resets",
            Type.COUNTER,
            "resets",
            "Times that a domain began afresh from the source model, by the worker's own decision.",
            "domain"),
    DRIFTS(
            "acclimate.drifts",
            Type.COUNTER,
            "changes",
            "Changes of a domain that were found in the misses of its active version.",
            "domain"),
    DRIFT_KINDS(
            "acclimate.drift.kinds",
            Type.COUNTER,
            "changes",
            "The same changes by what has changed: the shares of classes, the inputs, what labels mean, or nobody knows.",
            "domain",
            "kind"),
    LABELS_SUSPECTED(
            "acclimate.labels.suspected",
            Type.COUNTER,
            "suspicions",
            "Times that a domain's labels began to look wrong: random, of another order of classes, or of one class.",
            "domain",
            "suspicion"),

    ACTIVE_VERSION("acclimate.active.version", Type.GAUGE, "versions", "Number of the version served now.", "domain"),
    MODEL_AGE("acclimate.model.age", Type.GAUGE, "seconds", "Time since the served version became active.", "domain"),
    LABEL_TO_SERVED(
            "acclimate.label.to.served",
            Type.TIMER,
            "seconds",
            "Time from the last label of a mini-batch to the first prediction by the version made of it.",
            "domain"),
    SWAP_TIME(
            "acclimate.swap.time",
            Type.TIMER,
            "seconds",
            "Time from an activation's arrival to the exchange of sessions, warm-up included."),
    REOPEN_TIME(
            "acclimate.reopen.time",
            Type.TIMER,
            "seconds",
            "Time to open a domain's session again, which was closed because other domains were used more recently."),
    ACTIVATIONS_REFUSED(
            "acclimate.activations.refused",
            Type.COUNTER,
            "activations",
            "Activations not applied since the weights were incomplete, damaged or did not fit; the old version keeps serving.",
            "reason"),
    LIVE_SESSIONS("acclimate.live.sessions", Type.GAUGE, "sessions", "ONNX Runtime sessions that hold native memory."),
    READY(
            "acclimate.ready",
            Type.GAUGE,
            "ratio",
            "1 when the role answers ready, 0 when it waits for something.",
            "role");

    /** How a meter is recorded. */
    public enum Type {
        COUNTER,
        GAUGE,
        /** A distribution of durations, with histogram buckets. */
        TIMER,
        /** A distribution of sizes, with histogram buckets. */
        SUMMARY
    }

    private final String title;
    private final Type type;
    private final String unit;
    private final String description;

    @SuppressWarnings("ImmutableEnumChecker") // List.of is
    private final List<String> tags;

    Meter(String title, Type type, String unit, String description, String... tags) {
        this.title = title;
        this.type = type;
        this.unit = unit;
        this.description = description;
        this.tags = List.of(tags);
    }

    /** The name with dots. */
    public String title() {
        return title;
    }

    public Type type() {
        return type;
    }

    public String unit() {
        return unit;
    }

    /** One sentence. */
    public String description() {
        return description;
    }

    /** The name under which Prometheus stores it, without {@code _bucket}, {@code _sum} and {@code _count}. */
    public String prometheusName() {
        String name = title.replace('.', '_');
        return switch (type) {
            case COUNTER -> name + "_total";
            case TIMER -> name + "_seconds";
            case GAUGE -> unit.equals("seconds") ? name + "_seconds" : name;
            case SUMMARY -> name;
        };
    }

    /** Tag names in the order in which {@link Telemetry} takes their values. */
    public List<String> tags() {
        return tags;
    }
}
