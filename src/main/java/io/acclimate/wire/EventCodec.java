package io.acclimate.wire;

import io.acclimate.core.AdaptationEvent;
import io.acclimate.core.DomainId;
import io.acclimate.core.GateDecision;
import io.acclimate.wire.v1.Activated;
import io.acclimate.wire.v1.Aligned;
import io.acclimate.wire.v1.Answered;
import io.acclimate.wire.v1.Answers;
import io.acclimate.wire.v1.Calibrated;
import io.acclimate.wire.v1.Controlled;
import io.acclimate.wire.v1.Discarded;
import io.acclimate.wire.v1.Drifted;
import io.acclimate.wire.v1.Judged;
import io.acclimate.wire.v1.LabelsSuspected;
import io.acclimate.wire.v1.LeftOut;
import io.acclimate.wire.v1.Reset;
import io.acclimate.wire.v1.Restarted;
import io.acclimate.wire.v1.Shadowed;
import io.acclimate.wire.v1.Trained;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Records of {@code adaptation-events}. Writes the configured format and reads every format. Any thread. */
public final class EventCodec {
    /** A domain's name may end with numbers, too; the last two are the id's own. */
    private static final Pattern ID = Pattern.compile(".+-(\\d{1,18})-\\d{1,9}");

    private final Encoding encoding;

    public EventCodec(Encoding encoding) {
        this.encoding = encoding;
    }

    /** A codec for a format that needs no registry. */
    public EventCodec(WireFormat format) {
        this(Encoding.of(format));
    }

    /**
     * What the header {@code ce_type} says of {@code event}. Consumers filter by these names, so each is written out here: a record
     * can get another name in Java and the wire does not change.
     */
    public static String type(AdaptationEvent event) {
        if (event instanceof AdaptationEvent.Trained) {
            return "io.acclimate.adaptation.trained";
        }
        if (event instanceof AdaptationEvent.Judged) {
            return "io.acclimate.adaptation.judged";
        }
        if (event instanceof AdaptationEvent.Activated) {
            return "io.acclimate.adaptation.activated";
        }
        if (event instanceof AdaptationEvent.Controlled) {
            return "io.acclimate.adaptation.controlled";
        }
        if (event instanceof AdaptationEvent.Discarded) {
            return "io.acclimate.adaptation.discarded";
        }
        if (event instanceof AdaptationEvent.Reset) {
            return "io.acclimate.adaptation.reset";
        }
        if (event instanceof AdaptationEvent.Restarted) {
            return "io.acclimate.adaptation.restarted";
        }
        if (event instanceof AdaptationEvent.LabelsSuspected) {
            return "io.acclimate.adaptation.labels-suspected";
        }
        if (event instanceof AdaptationEvent.Aligned) {
            return "io.acclimate.adaptation.aligned";
        }
        if (event instanceof AdaptationEvent.Drifted) {
            return "io.acclimate.adaptation.drifted";
        }
        if (event instanceof AdaptationEvent.Shadowed) {
            return "io.acclimate.adaptation.shadowed";
        }
        if (event instanceof AdaptationEvent.Calibrated) {
            return "io.acclimate.adaptation.calibrated";
        }
        if (event instanceof AdaptationEvent.Answered) {
            return "io.acclimate.adaptation.answered";
        }
        if (event instanceof AdaptationEvent.LeftOut) {
            return "io.acclimate.adaptation.left-out";
        }
        throw new IllegalStateException("no event type is known for " + event.getClass());
    }

    /**
     * What the header {@code ce_id} says of an event: its domain, the generation of the domain's round that wrote it, and its place among
     * the events of that round.
     */
    public static String id(DomainId domain, long generation, int place) {
        return domain + "-" + generation + "-" + place;
    }

    /** The generation in an {@link #id}; empty for a text that is none. */
    public static OptionalLong generation(String id) {
        Matcher match = ID.matcher(id);
        return match.matches() ? OptionalLong.of(Long.parseLong(match.group(1))) : OptionalLong.empty();
    }

    public byte[] encode(AdaptationEvent event) {
        var proto = io.acclimate.wire.v1.AdaptationEvent.newBuilder()
                .setDomain(event.domain().value())
                .setAt(ProtoValues.timestamp(event.at()));
        if (event instanceof AdaptationEvent.Trained e) {
            Trained.Builder trained = Trained.newBuilder()
                    .setMiniBatch(e.miniBatch())
                    .setSamples(e.samples())
                    .setHoldout(e.holdout())
                    .setActiveVersion(e.activeVersion())
                    .setActiveCorrect(e.activeCorrect())
                    .setSourceCorrect(e.sourceCorrect())
                    .setSteps(e.steps())
                    .setSkippedSteps(e.skippedSteps())
                    .putAllLosses(e.losses());
            if (e.halvings() > 0) {
                trained.setHalvings(e.halvings());
            }
            e.shadow()
                    .ifPresent(shadow -> trained.setShadow(Trained.Shadow.newBuilder()
                            .setVersion(shadow.version())
                            .setCorrect(shadow.correct())));
            proto.setTrained(trained);
        } else if (event instanceof AdaptationEvent.Judged e) {
            proto.setJudged(judged(e));
        } else if (event instanceof AdaptationEvent.Activated e) {
            proto.setActivated(Activated.newBuilder()
                    .setActivation(VersionCodec.proto(e.activation()))
                    .setPrevious(e.previous()));
        } else if (event instanceof AdaptationEvent.Controlled e) {
            proto.setControlled(Controlled.newBuilder()
                    .setCommandId(e.commandId())
                    .setCommand(e.command())
                    .setApplied(e.applied())
                    .setMessage(e.message()));
        } else if (event instanceof AdaptationEvent.Restarted e) {
            proto.setRestarted(Restarted.newBuilder()
                    .setMiniBatch(e.miniBatch())
                    .setActiveVersion(e.activeVersion())
                    .setStepScale(e.stepScale())
                    .setReason(e.reason()));
        } else if (event instanceof AdaptationEvent.Discarded e) {
            proto.setDiscarded(
                    Discarded.newBuilder().setMiniBatch(e.miniBatch()).addAllMessages(e.messages()));
        } else if (event instanceof AdaptationEvent.Reset e) {
            proto.setReset(Reset.newBuilder()
                    .setMiniBatch(e.miniBatch())
                    .setPrevious(e.previous())
                    .setReason(e.reason()));
        } else if (event instanceof AdaptationEvent.LabelsSuspected e) {
            proto.setLabelsSuspected(LabelsSuspected.newBuilder()
                    .setMiniBatch(e.miniBatch())
                    .setSuspicion(e.suspicion())
                    .setEvidence(e.evidence()));
        } else if (event instanceof AdaptationEvent.Aligned e) {
            proto.setAligned(Aligned.newBuilder()
                    .setMiniBatch(e.miniBatch())
                    .setImages(e.images())
                    .setTensors(e.tensors())
                    .setOutcome(e.outcome()));
        } else if (event instanceof AdaptationEvent.Drifted e) {
            proto.setDrifted(Drifted.newBuilder()
                    .setMiniBatch(e.miniBatch())
                    .setActiveVersion(e.activeVersion())
                    .setLabels(e.labels())
                    .setAccuracyBefore(e.accuracyBefore())
                    .setAccuracyAfter(e.accuracyAfter()));
            e.change().ifPresent(change -> proto.getDriftedBuilder().setChange(ChangeCodec.encode(change)));
        } else if (event instanceof AdaptationEvent.Shadowed e) {
            proto.setShadowed(Shadowed.newBuilder()
                    .setVersion(e.version())
                    .setPrevious(e.previous())
                    .setReason(e.reason()));
        } else if (event instanceof AdaptationEvent.Calibrated e) {
            proto.setCalibrated(Calibrated.newBuilder()
                    .setVersion(e.version())
                    .setTemperature(e.temperature())
                    .setSamples(e.samples())
                    .setErrorBefore(e.errorBefore())
                    .setErrorAfter(e.errorAfter()));
        } else if (event instanceof AdaptationEvent.Answered e) {
            proto.setAnswered(answered(e));
        } else if (event instanceof AdaptationEvent.LeftOut e) {
            proto.setLeftOut(LeftOut.newBuilder().setMiniBatch(e.miniBatch()).setSamples(e.samples()));
        }
        return encoding.bytes(proto.build());
    }

    /**
     * One event.
     *
     * @throws UnreadableRecordException when the bytes are something else
     */
    public AdaptationEvent decode(byte[] value) {
        var builder = io.acclimate.wire.v1.AdaptationEvent.newBuilder();
        JsonOrProto.read(value, builder);
        try {
            return event(builder.build());
        } catch (IllegalArgumentException | DateTimeException e) {
            throw new UnreadableRecordException("not an adaptation event: " + e.getMessage(), e);
        }
    }

    private static AdaptationEvent event(io.acclimate.wire.v1.AdaptationEvent proto) {
        DomainId domain = new DomainId(proto.getDomain());
        Instant at = ProtoValues.instant(proto.getAt());
        return switch (proto.getKindCase()) {
            case TRAINED -> trained(domain, at, proto.getTrained());
            case JUDGED -> judged(domain, at, proto.getJudged());
            case ACTIVATED ->
                new AdaptationEvent.Activated(
                        domain,
                        at,
                        VersionCodec.activation(proto.getActivated().getActivation()),
                        proto.getActivated().getPrevious());
            case CONTROLLED ->
                new AdaptationEvent.Controlled(
                        domain,
                        at,
                        proto.getControlled().getCommandId(),
                        proto.getControlled().getCommand(),
                        proto.getControlled().getApplied(),
                        proto.getControlled().getMessage());
            case DISCARDED ->
                new AdaptationEvent.Discarded(
                        domain,
                        at,
                        proto.getDiscarded().getMiniBatch(),
                        proto.getDiscarded().getMessagesList());
            case RESET ->
                new AdaptationEvent.Reset(
                        domain,
                        at,
                        proto.getReset().getMiniBatch(),
                        proto.getReset().getPrevious(),
                        proto.getReset().getReason());
            case RESTARTED ->
                new AdaptationEvent.Restarted(
                        domain,
                        at,
                        proto.getRestarted().getMiniBatch(),
                        proto.getRestarted().getActiveVersion(),
                        proto.getRestarted().getStepScale(),
                        proto.getRestarted().getReason());
            case LABELS_SUSPECTED ->
                new AdaptationEvent.LabelsSuspected(
                        domain,
                        at,
                        proto.getLabelsSuspected().getMiniBatch(),
                        proto.getLabelsSuspected().getSuspicion(),
                        proto.getLabelsSuspected().getEvidence());
            case ALIGNED ->
                new AdaptationEvent.Aligned(
                        domain,
                        at,
                        proto.getAligned().getMiniBatch(),
                        proto.getAligned().getImages(),
                        proto.getAligned().getTensors(),
                        proto.getAligned().getOutcome());
            case DRIFTED ->
                new AdaptationEvent.Drifted(
                        domain,
                        at,
                        proto.getDrifted().getMiniBatch(),
                        proto.getDrifted().getActiveVersion(),
                        proto.getDrifted().getLabels(),
                        proto.getDrifted().getAccuracyBefore(),
                        proto.getDrifted().getAccuracyAfter(),
                        ChangeCodec.decode(proto.getDrifted()));
            case SHADOWED ->
                new AdaptationEvent.Shadowed(
                        domain,
                        at,
                        proto.getShadowed().getVersion(),
                        proto.getShadowed().getPrevious(),
                        proto.getShadowed().getReason());
            case CALIBRATED ->
                new AdaptationEvent.Calibrated(
                        domain,
                        at,
                        proto.getCalibrated().getVersion(),
                        proto.getCalibrated().getTemperature(),
                        proto.getCalibrated().getSamples(),
                        proto.getCalibrated().getErrorBefore(),
                        proto.getCalibrated().getErrorAfter());
            case ANSWERED -> answered(domain, at, proto.getAnswered());
            case LEFT_OUT ->
                new AdaptationEvent.LeftOut(
                        domain,
                        at,
                        proto.getLeftOut().getMiniBatch(),
                        proto.getLeftOut().getSamples());
            case KIND_NOT_SET ->
                throw new UnreadableRecordException("an adaptation event of " + domain + " names no kind");
        };
    }

    private static Answered answered(AdaptationEvent.Answered e) {
        Answered.Builder answered = Answered.newBuilder()
                .setMiniBatch(e.miniBatch())
                .setActiveVersion(e.activeVersion())
                .setOldestLabel(ProtoValues.timestamp(e.oldestLabel()))
                .setNewestLabel(ProtoValues.timestamp(e.newestLabel()));
        e.answers()
                .forEach(each -> answered.addAnswers(Answers.newBuilder()
                        .setLabel(each.label())
                        .setActive(each.active())
                        .setSource(each.source())
                        .setCount(each.count())));
        return answered.build();
    }

    private static AdaptationEvent.Answered answered(DomainId domain, Instant at, Answered a) {
        return new AdaptationEvent.Answered(
                domain,
                at,
                a.getMiniBatch(),
                a.getActiveVersion(),
                ProtoValues.instant(a.getOldestLabel()),
                ProtoValues.instant(a.getNewestLabel()),
                a.getAnswersList().stream()
                        .map(each -> new AdaptationEvent.Answered.Answers(
                                each.getLabel(), each.getActive(), each.getSource(), each.getCount()))
                        .toList());
    }

    private static Judged judged(AdaptationEvent.Judged e) {
        Judged.Builder judged = Judged.newBuilder()
                .setCandidate(e.candidate())
                .setActiveVersion(e.activeVersion())
                .setCandidateAccuracy(e.candidateAccuracy())
                .setActiveAccuracy(e.activeAccuracy())
                .setSourceAccuracy(e.sourceAccuracy())
                .setHoldoutSize(e.holdoutSize());
        if (e.decision() instanceof GateDecision.Reject reject) {
            judged.setDecision(Judged.Decision.DECISION_REJECT).addAllReasons(reject.reasons());
        } else if (e.decision() instanceof GateDecision.Defer defer) {
            judged.setDecision(Judged.Decision.DECISION_DEFER).addAllReasons(defer.missing());
        } else {
            judged.setDecision(Judged.Decision.DECISION_PROMOTE);
        }
        return judged.build();
    }

    private static AdaptationEvent.Judged judged(DomainId domain, Instant at, Judged j) {
        List<String> reasons = j.getReasonsList();
        GateDecision decision =
                switch (j.getDecision()) {
                    case DECISION_PROMOTE -> new GateDecision.Promote();
                    case DECISION_REJECT -> new GateDecision.Reject(reasons);
                    case DECISION_DEFER -> new GateDecision.Defer(reasons);
                    case DECISION_UNSPECIFIED, UNRECOGNIZED ->
                        throw new UnreadableRecordException("unknown gate decision " + j.getDecisionValue());
                };
        return new AdaptationEvent.Judged(
                domain,
                at,
                j.getCandidate(),
                j.getActiveVersion(),
                decision,
                j.getCandidateAccuracy(),
                j.getActiveAccuracy(),
                j.getSourceAccuracy(),
                j.getHoldoutSize());
    }

    private static AdaptationEvent.Trained trained(DomainId domain, Instant at, Trained t) {
        return new AdaptationEvent.Trained(
                domain,
                at,
                t.getMiniBatch(),
                t.getSamples(),
                t.getHoldout(),
                t.getActiveVersion(),
                t.getActiveCorrect(),
                t.getSourceCorrect(),
                t.getSteps(),
                t.getSkippedSteps(),
                t.getLossesMap(),
                t.getHalvings(),
                t.hasShadow()
                        ? Optional.of(new AdaptationEvent.Trained.Shadow(
                                t.getShadow().getVersion(), t.getShadow().getCorrect()))
                        : Optional.empty());
    }
}
