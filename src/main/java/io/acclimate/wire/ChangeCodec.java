package io.acclimate.wire;

import io.acclimate.core.AdaptationEvent.Drifted.Change;
import io.acclimate.wire.v1.Drifted;
import java.util.Arrays;
import java.util.Optional;

/** What has changed in a domain, as the event of the change has it. */
final class ChangeCodec {
    private ChangeCodec() {}

    static Drifted.Change encode(Change change) {
        Drifted.Change.Builder proto = Drifted.Change.newBuilder()
                .setKind(change.kind().name())
                .setClassShares(change.classShares())
                .setAnswerShares(change.answerShares())
                .setAnswersOfClass(change.answersOfClass());
        change.shares()
                .forEach(each -> proto.addShares(Drifted.Share.newBuilder()
                        .setLabel(each.label())
                        .setBefore(each.before())
                        .setAfter(each.after())
                        .setEstimated(each.estimated())));
        return proto.build();
    }

    /** A kind that this version does not know is unclear to it. */
    static Optional<Change> decode(Drifted drifted) {
        if (!drifted.hasChange()) {
            return Optional.empty();
        }
        Drifted.Change proto = drifted.getChange();
        Change.Kind kind = Arrays.stream(Change.Kind.values())
                .filter(each -> each.name().equals(proto.getKind()))
                .findFirst()
                .orElse(Change.Kind.UNCLEAR);
        return Optional.of(new Change(
                kind,
                proto.getClassShares(),
                proto.getAnswerShares(),
                proto.getAnswersOfClass(),
                proto.getSharesList().stream()
                        .map(each -> new Change.Share(
                                each.getLabel(), each.getBefore(), each.getAfter(), each.getEstimated()))
                        .toList()));
    }
}
