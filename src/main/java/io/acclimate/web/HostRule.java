package io.acclimate.web;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Collection;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Which names a request may call this server in its Host header. A page of a stranger can make its own name resolve to 127.0.0.1 (DNS
 * rebinding); the reader's browser then lets that page read what only this machine may read. The name in the Host header is still the
 * stranger's, so a server that listens on loopback alone answers only to names of loopback. Addresses are always right, since no name was
 * resolved then, and probes and scrapers use them.
 *
 * <p>Beyond loopback, where a service is known by names that it cannot know, every name is right until {@code --http-allowed-host} lists
 * the right ones. Immutable.
 */
final class HostRule {
    private static final String ANY = "*";
    private static final String LOOPBACK_NAME = "localhost";
    /** Digits and dots, or what is in brackets: no registered name looks like either. */
    private static final Pattern ADDRESS =
            Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}|\\[[0-9a-fA-F:.]+(%[^\\]]*)?\\]");

    private final String bound;
    private final Set<String> allowed;
    /** Found out once: a name that no longer resolves must not open the server. */
    private final boolean any;

    /**
     * The rule of one server.
     *
     * @param bound the address or name that is listened on
     * @param names that are right as well; {@code *} for all
     */
    HostRule(String bound, Collection<String> names) {
        this.bound = name(bound);
        this.allowed = names.stream().map(HostRule::name).collect(Collectors.toCollection(TreeSet::new));
        this.any = allowed.contains(ANY) || (allowed.isEmpty() && !isLoopback(this.bound));
    }

    /** True when no name is refused. */
    boolean allowsAnyName() {
        return any;
    }

    /**
     * Returns empty for a request that may be answered, otherwise the answer that refuses it.
     *
     * @param header the value of Host, which only clients of HTTP/1.0 leave out
     */
    Optional<Problem> refuse(Optional<String> header) {
        if (header.isEmpty() || allowsAnyName()) {
            return Optional.empty();
        }
        String host = header.get().strip();
        String name = name(withoutPort(host));
        return ADDRESS.matcher(name).matches()
                        || name.equals(LOOPBACK_NAME)
                        || name.equals(bound)
                        || allowed.contains(name)
                ? Optional.empty()
                : Optional.of(new Problem(
                        421,
                        "this process does not answer to the host name '" + host
                                + "'; name it with --http-allowed-host " + name + " if it is right"));
    }

    private static String withoutPort(String host) {
        int colon = host.lastIndexOf(':');
        return colon > host.lastIndexOf(']') ? host.substring(0, colon) : host;
    }

    /** Names differ neither by case nor by the dot of the root. */
    private static String name(String host) {
        String lower = host.strip().toLowerCase(Locale.ROOT);
        return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
    }

    static boolean isLoopback(String host) {
        InetAddress address = new InetSocketAddress(host, 0).getAddress();
        return address != null && address.isLoopbackAddress();
    }
}
