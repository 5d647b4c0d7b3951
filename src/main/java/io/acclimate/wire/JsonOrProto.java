package io.acclimate.wire;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Writes a message as JSON or Protobuf. Reads both, and a schema registry's frame, and tells them apart by the first byte: a JSON
 * object starts with a brace, which starts none of our messages in Protobuf (it would be a group of field 15), and a frame starts
 * with 0, which is no field. Reading asks no registry, because the compatibility rules of the schemas are sufficient.
 */
final class JsonOrProto {
    /** A number of a million digits takes seconds to read. */
    private static final int MAX_JSON = 256 * 1024;

    private JsonOrProto() {}

    static byte[] json(Message message) {
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

    /**
     * Reads bytes of any of the three formats.
     *
     * @throws UnreadableRecordException when the bytes are in none of them
     */
    static void read(byte[] bytes, Message.Builder into) {
        try {
            if (bytes.length > 0 && bytes[0] == '{') {
                if (bytes.length > MAX_JSON) {
                    throw new UnreadableRecordException(
                            "JSON of " + bytes.length + " bytes, at most " + MAX_JSON + " are read");
                }
                JsonFormat.parser().ignoringUnknownFields().merge(new String(bytes, StandardCharsets.UTF_8), into);
            } else if (SchemaFrame.startsWith(bytes)) {
                SchemaFrame.Found found = SchemaFrame.read(bytes);
                List<Integer> own = List.of(into.getDescriptorForType().getIndex());
                if (!found.frame().path().equals(own)) {
                    throw new UnreadableRecordException("a schema registry's frame around message "
                            + found.frame().path() + " of its schema, expected "
                            + into.getDescriptorForType().getName() + " at " + own);
                }
                into.mergeFrom(bytes, found.length(), bytes.length - found.length());
            } else {
                into.mergeFrom(bytes);
            }
        } catch (InvalidProtocolBufferException e) {
            throw new UnreadableRecordException(
                    "not a " + into.getDescriptorForType().getName() + ": " + e.getMessage(), e);
        }
    }
}
