package io.acclimate.wire;

import com.google.protobuf.InvalidProtocolBufferException;
import io.acclimate.core.Activation;
import io.acclimate.core.Digest;
import io.acclimate.core.DomainId;
import io.acclimate.core.ModelVersion;
import io.acclimate.core.VersionId;
import io.acclimate.wire.v1.ModelVersionRecord;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Records of {@code model-versions}, whose keys are {@code DOMAIN/v/NUMBER} and {@code DOMAIN/active}. Any thread. */
public final class VersionCodec {
    private static final Pattern KEY = Pattern.compile("(.+)/v/(\\d{1,18})");

    public byte[] key(VersionId id) {
        return (id.domain() + "/v/" + id.number()).getBytes(StandardCharsets.UTF_8);
    }

    /** The version that a key names; empty for the key of an active pointer, or of anything else. */
    public static Optional<VersionId> versionOf(byte @Nullable [] key) {
        String text = key == null ? "" : new String(key, StandardCharsets.UTF_8);
        Matcher match = KEY.matcher(text);
        return match.matches() && DomainId.isValid(match.group(1))
                ? Optional.of(new VersionId(new DomainId(match.group(1)), Long.parseLong(match.group(2))))
                : Optional.empty();
    }

    public byte[] activeKey(DomainId domain) {
        return (domain + "/active").getBytes(StandardCharsets.UTF_8);
    }

    public byte[] encode(ModelVersion version) {
        io.acclimate.wire.v1.ModelVersion.Builder record = io.acclimate.wire.v1.ModelVersion.newBuilder()
                .setDomain(version.id().domain().value())
                .setNumber(version.id().number())
                .setParent(version.parent())
                .setBaseDigest(version.base().hex())
                .setWeightsDigest(version.weights().hex())
                .setLocation(ProtoValues.coordinates(version.location()))
                .setChunks(version.chunks())
                .setBytes(version.bytes())
                .setCreatedAt(ProtoValues.timestamp(version.createdAt()))
                .putAllProvenance(version.provenance())
                .addAllClasses(version.classes());
        if (version.temperature() != 1) {
            record.setTemperature(version.temperature());
        }
        return ModelVersionRecord.newBuilder().setVersion(record).build().toByteArray();
    }

    public byte[] encode(Activation activation) {
        return ModelVersionRecord.newBuilder()
                .setActivation(proto(activation))
                .build()
                .toByteArray();
    }

    /**
     * A version or an active pointer.
     *
     * @throws UnreadableRecordException when the bytes are something else
     */
    public VersionRecord decode(byte[] value) {
        try {
            ModelVersionRecord record = ModelVersionRecord.parseFrom(value);
            return switch (record.getKindCase()) {
                case VERSION -> new VersionRecord.Version(version(record.getVersion()));
                case ACTIVATION -> new VersionRecord.Active(activation(record.getActivation()));
                case KIND_NOT_SET ->
                    throw new UnreadableRecordException("a version record names neither version nor activation");
            };
        } catch (InvalidProtocolBufferException | IllegalArgumentException | DateTimeException e) {
            throw new UnreadableRecordException("not a version record: " + e.getMessage(), e);
        }
    }

    private static ModelVersion version(io.acclimate.wire.v1.ModelVersion v) {
        return new ModelVersion(
                new VersionId(new DomainId(v.getDomain()), v.getNumber()),
                v.getParent(),
                new Digest(v.getBaseDigest()),
                v.getClassesList(),
                new Digest(v.getWeightsDigest()),
                ProtoValues.coordinates(v.getLocation()),
                v.getChunks(),
                v.getBytes(),
                ProtoValues.instant(v.getCreatedAt()),
                v.getProvenanceMap(),
                v.hasTemperature() ? v.getTemperature() : 1);
    }

    static io.acclimate.wire.v1.Activation proto(Activation activation) {
        return io.acclimate.wire.v1.Activation.newBuilder()
                .setDomain(activation.version().domain().value())
                .setNumber(activation.version().number())
                .setEpoch(activation.epoch())
                .setCause(
                        switch (activation.cause()) {
                            case PROMOTE -> io.acclimate.wire.v1.Activation.Cause.CAUSE_PROMOTE;
                            case ACTIVATE -> io.acclimate.wire.v1.Activation.Cause.CAUSE_ACTIVATE;
                            case ROLLBACK -> io.acclimate.wire.v1.Activation.Cause.CAUSE_ROLLBACK;
                        })
                .setReason(activation.reason())
                .setAt(ProtoValues.timestamp(activation.at()))
                .setSamplesSeen(activation.samplesSeen())
                .setLastLabelTime(ProtoValues.timestamp(activation.lastLabelTime()))
                .build();
    }

    static Activation activation(io.acclimate.wire.v1.Activation a) {
        return new Activation(
                new VersionId(new DomainId(a.getDomain()), a.getNumber()),
                a.getEpoch(),
                switch (a.getCause()) {
                    case CAUSE_PROMOTE -> Activation.Cause.PROMOTE;
                    case CAUSE_ACTIVATE -> Activation.Cause.ACTIVATE;
                    case CAUSE_ROLLBACK -> Activation.Cause.ROLLBACK;
                    case CAUSE_UNSPECIFIED, UNRECOGNIZED ->
                        throw new UnreadableRecordException(
                                "an activation of " + a.getDomain() + " has unknown cause " + a.getCauseValue());
                },
                a.getReason(),
                ProtoValues.instant(a.getAt()),
                a.getSamplesSeen(),
                ProtoValues.instant(a.getLastLabelTime()));
    }
}
