package io.acclimate.wire;

import io.acclimate.core.ControlCommand;
import io.acclimate.core.DomainId;
import io.acclimate.wire.v1.Activate;
import io.acclimate.wire.v1.Note;
import io.acclimate.wire.v1.Pause;
import io.acclimate.wire.v1.Pin;
import io.acclimate.wire.v1.Resume;
import io.acclimate.wire.v1.Retire;
import io.acclimate.wire.v1.Rollback;
import io.acclimate.wire.v1.Unpin;
import java.util.function.Supplier;

/** Records of {@code model-control}. Writes Protobuf and reads JSON as well, so that any client can send a command. */
public final class ControlCodec {
    public byte[] encode(ControlCommand command) {
        var proto = io.acclimate.wire.v1.ControlCommand.newBuilder()
                .setId(command.id())
                .setDomain(command.domain().value());
        if (command instanceof ControlCommand.Activate activate) {
            proto.setActivate(Activate.newBuilder().setVersion(activate.version()));
        } else if (command instanceof ControlCommand.Rollback) {
            proto.setRollback(Rollback.getDefaultInstance());
        } else if (command instanceof ControlCommand.Pin pin) {
            proto.setPin(Pin.newBuilder().setVersion(pin.version()));
        } else if (command instanceof ControlCommand.Unpin unpin) {
            proto.setUnpin(Unpin.newBuilder().setVersion(unpin.version()));
        } else if (command instanceof ControlCommand.Note note) {
            proto.setNote(Note.newBuilder().setVersion(note.version()).setText(note.text()));
        } else if (command instanceof ControlCommand.Retire retire) {
            proto.setRetire(Retire.newBuilder().setReason(retire.reason()));
        } else if (command instanceof ControlCommand.Pause) {
            proto.setPause(Pause.getDefaultInstance());
        } else {
            proto.setResume(Resume.getDefaultInstance());
        }
        return proto.build().toByteArray();
    }

    /**
     * One command.
     *
     * @throws UnreadableRecordException when the bytes are something else
     */
    public ControlCommand decode(byte[] value) {
        var proto = io.acclimate.wire.v1.ControlCommand.newBuilder();
        JsonOrProto.read(value, proto);
        if (!DomainId.isValid(proto.getDomain())) {
            throw new UnreadableRecordException("command '" + proto.getId() + "' has no valid domain id");
        }
        DomainId domain = new DomainId(proto.getDomain());
        String id = proto.getId();
        return switch (proto.getVerbCase()) {
            case ACTIVATE ->
                new ControlCommand.Activate(id, domain, proto.getActivate().getVersion());
            case ROLLBACK -> new ControlCommand.Rollback(id, domain);
            case PAUSE -> new ControlCommand.Pause(id, domain);
            case RESUME -> new ControlCommand.Resume(id, domain);
            case PIN -> new ControlCommand.Pin(id, domain, proto.getPin().getVersion());
            case UNPIN -> new ControlCommand.Unpin(id, domain, proto.getUnpin().getVersion());
            case NOTE ->
                limited(
                        id,
                        () -> new ControlCommand.Note(
                                id,
                                domain,
                                proto.getNote().getVersion(),
                                proto.getNote().getText()));
            case RETIRE ->
                limited(
                        id,
                        () -> new ControlCommand.Retire(
                                id, domain, proto.getRetire().getReason()));
            case VERB_NOT_SET -> throw new UnreadableRecordException("command '" + id + "' names no verb");
        };
    }

    /** A command with a text that may be too long. */
    private static ControlCommand limited(String id, Supplier<ControlCommand> command) {
        try {
            return command.get();
        } catch (IllegalArgumentException e) {
            throw new UnreadableRecordException("command '" + id + "': " + e.getMessage(), e);
        }
    }
}
