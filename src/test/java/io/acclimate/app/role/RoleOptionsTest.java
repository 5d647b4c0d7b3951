package io.acclimate.app.role;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import io.acclimate.adapt.settings.AdaptSettings;
import io.acclimate.adapt.settings.PaceSettings;
import io.acclimate.adapt.settings.RetentionSettings;
import io.acclimate.core.DomainId;
import io.acclimate.core.Membership;
import io.acclimate.minibatch.MiniBatchSettings;
import io.acclimate.serve.Delivery;
import io.acclimate.serve.ServeSettings;
import io.acclimate.serve.WithoutVersion;
import io.acclimate.train.LossTerms;
import io.acclimate.train.OptimizerSettings;
import io.acclimate.wire.Encoding;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class RoleOptionsTest {
    private static final RoleSettings DEFAULTS = RoleSettings.defaults();

    private static <C> C parsed(C command, String... arguments) {
        new CommandLine(command).parseArgs(arguments);
        return command;
    }

    private static Membership named(Membership membership, String instance) {
        return membership.withInstance(instance);
    }

    @Test
    void upWithoutAFlagRunsTheDefaultsUnderItsOwnName() {
        RoleSettings up = parsed(new UpCommand()).settings(Encoding.JSON, Encoding.JSON);

        ServeSettings serve = DEFAULTS.serve();
        MiniBatchSettings miniBatch = DEFAULTS.miniBatch();
        AdaptSettings adapt = DEFAULTS.adapt();
        assertThat(up.serve()).isEqualTo(serve.withMembership(named(serve.membership(), "up")));
        assertThat(up.miniBatch()).isEqualTo(miniBatch.withMembership(named(miniBatch.membership(), "up")));
        assertThat(up.adapt()).isEqualTo(adapt.withMembership(named(adapt.membership(), "up")));
    }

    @Test
    void singleRolesRunWhatUpRuns() {
        RoleSettings up = parsed(new UpCommand()).settings(Encoding.JSON, Encoding.JSON);
        MinibatchCommand miniBatch = parsed(new MinibatchCommand());

        assertThat(parsed(new ServeCommand()).serve.settings("up", Encoding.JSON))
                .isEqualTo(up.serve());
        assertThat(miniBatch.minibatch.settings("up", miniBatch.stateDir)).isEqualTo(up.miniBatch());
        assertThat(parsed(new AdaptCommand()).adapt.settings("up", Encoding.JSON))
                .isEqualTo(up.adapt());
    }

    @Test
    void upPassesPropertiesToItsClientsButKeepsItsOwnBroker() throws Exception {
        UpCommand up = parsed(new UpCommand(), "-K", "compression.type=gzip", "-K", "bootstrap.servers=other:1");

        assertThat(up.clients.clientProperties("localhost:2"))
                .containsOnly(entry("compression.type", "gzip"), entry("bootstrap.servers", "localhost:2"));
    }

    @Test
    void serveFlagsReachTheSettings() {
        ServeCommand command = parsed(
                new ServeCommand(),
                "--workers=5",
                "--max-poll-records=9",
                "--delivery=AT_LEAST_ONCE",
                "--wait-for-version");

        ServeSettings settings = command.serve.settings("a", Encoding.PROTOBUF);

        assertThat(settings.membership()).isEqualTo(new Membership("acclimate-serve", "a"));
        assertThat(settings.workers()).isEqualTo(5);
        assertThat(settings.batches().maxPollRecords()).isEqualTo(9);
        assertThat(settings.delivery()).isEqualTo(Delivery.AT_LEAST_ONCE);
        assertThat(settings.withoutVersion()).isEqualTo(WithoutVersion.WAIT);
        assertThat(settings.answers().format()).isEqualTo(Encoding.PROTOBUF);
        assertThat(settings.inference()).isEqualTo(DEFAULTS.serve().inference());
    }

    @Test
    void minibatchFlagsReachTheSettings() {
        MinibatchCommand command = parsed(
                new MinibatchCommand(),
                "--mini-batch-size=7",
                "--mini-batch-bytes=99",
                "--mini-batch-wait-millis=1500",
                "--labels-per-second=3.5",
                "--labels-burst=11",
                "--class-share=0.25",
                "--max-domains=2",
                "--domains=site-1,site-2",
                "--join-retention-hours=0",
                "--join-wait-seconds=9",
                "--state-dir=elsewhere");

        MiniBatchSettings settings = command.minibatch.settings("a", command.stateDir);

        assertThat(settings.flush().maxSamples()).isEqualTo(7);
        assertThat(settings.flush().maxBytes()).isEqualTo(99);
        assertThat(settings.flush().maxWait()).isEqualTo(Duration.ofMillis(1500));
        assertThat(settings.limits().perSecond()).isEqualTo(3.5);
        assertThat(settings.limits().burst()).isEqualTo(11);
        assertThat(settings.limits().classShare()).isEqualTo(0.25);
        assertThat(settings.limits().domains().places()).isEqualTo(2);
        assertThat(settings.limits().domains().listed())
                .containsExactlyInAnyOrder(new DomainId("site-1"), new DomainId("site-2"));
        assertThat(settings.join().retention()).isZero();
        assertThat(settings.join().patience()).isEqualTo(Duration.ofSeconds(9));
        assertThat(settings.streams().stateDir()).isEqualTo(Path.of("elsewhere"));
        assertThat(settings.membership().instance()).isEqualTo("a");
    }

    @Test
    void domainsAreAFileOrAListAndNeverASingleWordThatMayBeAMistypedFile(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("domains.txt"), "site-1\n\n site-2 \n");

        assertThat(listed(file.toString())).containsExactlyInAnyOrder(new DomainId("site-1"), new DomainId("site-2"));
        assertThat(listed("site-1,")).containsExactly(new DomainId("site-1"));
        assertThatThrownBy(() -> listed("domains.txt")).hasMessageContaining("'domains.txt' is no file");
        assertThatThrownBy(() -> listed("a,b c")).hasMessageContaining("b c");
        assertThatThrownBy(() -> listed(",")).hasMessageContaining("names no domain");
    }

    private static Set<DomainId> listed(String value) {
        return parsed(new MinibatchCommand(), "--domains=" + value)
                .minibatch
                .settings("a", Path.of("state"))
                .limits()
                .domains()
                .listed();
    }

    @Test
    void adaptFlagsReachTheSettings() {
        AdaptCommand command = parsed(
                new AdaptCommand(),
                "--trainable=head",
                "--optimizer=ADAMW",
                "--lr=0.5",
                "--momentum=0.1",
                "--weight-decay=0.2",
                "--clip=3",
                "--lambda=0.25",
                "--mu=2",
                "--align=MMD",
                "--layer=conv",
                "--rho=0.3",
                "--kappa=0.4",
                "--source-loss=LABELS",
                "--average-decay=0.5",
                "--replay-steps=2",
                "--replay-capacity=64",
                "--snapshot-every=3",
                "--publish-interval=5s",
                "--publish-within=2m",
                "--publish-gain=0.02",
                "--keep-versions=7",
                "--keep-hours=3",
                "--keep-days=2",
                "--seed=42");

        AdaptSettings settings = command.adapt.settings("a", Encoding.PROTOBUF);

        assertThat(settings.train().trainable()).isEqualTo("head");
        assertThat(settings.train().optimizer())
                .isEqualTo(new OptimizerSettings(OptimizerSettings.Kind.ADAMW, 0.5, 0.1, 0.2, 3));
        assertThat(settings.train().terms())
                .isEqualTo(new LossTerms(0.25, 2, LossTerms.Align.MMD, "conv", 0.3, 0.4, LossTerms.SourceLoss.LABELS));
        assertThat(settings.train().averageDecay()).isEqualTo(0.5);
        assertThat(settings.steps()).isEqualTo(DEFAULTS.adapt().steps().withReplay(2, 64));
        assertThat(settings.output().snapshotEvery()).isEqualTo(3);
        assertThat(settings.pace())
                .isEqualTo(new PaceSettings(Duration.ofSeconds(5), Duration.ofMinutes(2), 0.02, 0.125, 256));
        assertThat(settings.retention()).isEqualTo(new RetentionSettings(7, 3, 2));
        assertThat(settings.output().events()).isEqualTo(Encoding.PROTOBUF);
        assertThat(settings.seed()).isEqualTo(42);
        assertThat(settings.gate()).isEqualTo(DEFAULTS.adapt().gate());
    }

    @Test
    void valueOutsideTheRangeOfItsRecordIsRefusedByRule() {
        ServeCommand command = parsed(new ServeCommand(), "--workers=0");

        assertThatThrownBy(() -> command.serve.settings("a", Encoding.JSON))
                .hasMessage("workers must be 1 to 256, got 0");
    }
}
