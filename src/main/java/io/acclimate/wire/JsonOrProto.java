package io.acclimate.wire;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import java.nio.charset.StandardCharsets;

/**
 * Writes a message as JSON or Protobuf and reads either: a JSON object starts with a brace, which no message of ours does in
 * Protobuf (it would be a group of field 15).
 */
final class JsonOrProto {
    /** A number of a million digits takes seconds to read. */
    private static final int MAX_JSON = 256 * 1024;

    private JsonOrProto() {}

    static byte[] write(Message message, WireFormat format) {
        if (format == WireFormat.PROTOBUF) {
            return message.toByteArray();
        }
        try {
            return JsonFormat.printer()
                    .alwaysPrintFieldsWithNoPresence()
                    .omittingInsignificantWhitespace()
                    .print(message)
                    .getBytes(StandardCharsets.UTF_8);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("a message without Any fields has a JSON form", e);
        }
    }

    /** @throws UnreadableRecordException when the bytes are neither */
    static void read(byte[] bytes, Message.Builder into) {
        try {
            if (bytes.length > 0 && bytes[0] == '{') {
                if (bytes.length > MAX_JSON) {
                    throw new UnreadableRecordException(
                            "JSON of " + bytes.length + " bytes, at most " + MAX_JSON + " are read");
                }
                JsonFormat.parser().ignoringUnknownFields().merge(new String(bytes, StandardCharsets.UTF_8), into);
            } else {
                into.mergeFrom(bytes);
            }
        } catch (InvalidProtocolBufferException e) {
            throw new UnreadableRecordException(
                    "not a " + into.getDescriptorForType().getName() + ": " + e.getMessage(), e);
        }
    }
}
