package io.acclimate.web;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;

/** Allows writes with the configured token. Tokens are compared in constant time, so that response times do not reveal them. */
final class WritePolicy {
    private static final String SCHEME = "Bearer ";

    private final Optional<byte[]> token;

    WritePolicy(Optional<String> token) {
        this.token = token.map(text -> text.getBytes(StandardCharsets.UTF_8));
    }

    /** Returns empty if the write is allowed, otherwise the answer that refuses it. */
    Optional<Problem> refuse(Optional<String> authorization) {
        if (token.isEmpty()) {
            return Optional.of(new Problem(403, "writes are off: this process was started without a token"));
        }
        if (authorization.isEmpty() || !authorization.get().regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return Optional.of(new Problem(401, "writes need the header Authorization: Bearer TOKEN"));
        }
        byte[] given = authorization.get().substring(SCHEME.length()).strip().getBytes(StandardCharsets.UTF_8);
        return MessageDigest.isEqual(token.get(), given)
                ? Optional.empty()
                : Optional.of(new Problem(403, "the token is not this process's"));
    }
}
