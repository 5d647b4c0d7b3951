{{- define "acclimate.labels" -}}
app.kubernetes.io/name: acclimate
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .role }}
{{- end }}

{{- define "acclimate.metadata" -}}
name: {{ .root.Release.Name }}-{{ .role }}
labels:
  {{- include "acclimate.labels" . | nindent 2 }}
  app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
{{- end }}

{{- /* Environment variables, those of the role before those of all. */ -}}
{{- define "acclimate.env" -}}
{{- range $name, $value := merge (dict) (index .root.Values .role).env .root.Values.env }}
- {name: {{ $name }}, value: {{ $value | quote }}}
{{- end }}
{{- end }}

{{- /* The pod of a role. */ -}}
{{- define "acclimate.pod" -}}
{{- $role := index .root.Values .role -}}
metadata:
  labels:
    {{- include "acclimate.labels" . | nindent 4 }}
spec:
  serviceAccountName: {{ .root.Release.Name }}
  automountServiceAccountToken: false
  # Kubernetes would set ACCLIMATE_WEB_PORT and the like for the services of this namespace, and an unknown ACCLIMATE_ variable stops the start.
  enableServiceLinks: false
  # A process that is number 1 cannot send itself the SIGKILL that ends a stop which hangs; here the pod's own pause is number 1.
  shareProcessNamespace: true
  # A stop finishes the open transaction, within 25 s.
  terminationGracePeriodSeconds: 30
  securityContext:
    runAsNonRoot: true
    runAsUser: 10001
    runAsGroup: 10001
    fsGroup: 10001
    fsGroupChangePolicy: OnRootMismatch
    seccompProfile: {type: RuntimeDefault}
  {{- with .root.Values.imagePullSecrets }}
  imagePullSecrets:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  topologySpreadConstraints:
    - maxSkew: 1
      topologyKey: kubernetes.io/hostname
      whenUnsatisfiable: ScheduleAnyway
      labelSelector:
        matchLabels:
          {{- include "acclimate.labels" . | nindent 10 }}
  containers:
    - name: {{ .role }}
      image: {{ .root.Values.image.repository }}:{{ .root.Values.image.tag | default .root.Chart.AppVersion }}
      imagePullPolicy: {{ .root.Values.image.pullPolicy }}
      args: [{{ .role }}]
      env:
        - {name: ACCLIMATE_BOOTSTRAP, value: {{ .root.Values.kafka.bootstrap | quote }}}
        - {name: ACCLIMATE_HTTP_HOST, value: "0.0.0.0"}
        # The pod's name stays when it is replaced: a restart takes back the partitions and transactions of its predecessor at once.
        - name: ACCLIMATE_INSTANCE
          valueFrom: {fieldRef: {fieldPath: metadata.name}}
        {{- with .root.Values.topicPrefix }}
        - {name: ACCLIMATE_TOPIC_PREFIX, value: {{ . | quote }}}
        {{- end }}
        {{- if .root.Values.kafka.propertiesSecret }}
        - {name: ACCLIMATE_COMMAND_CONFIG, value: /etc/acclimate/kafka/client.properties}
        {{- end }}
        {{- if and .root.Values.model.file (ne .role "web") }}
        - {name: ACCLIMATE_MODEL, value: {{ .root.Values.model.file | quote }}}
        {{- end }}
        {{- if eq .role "minibatch" }}
        - {name: ACCLIMATE_STATE_DIR, value: /var/lib/acclimate/minibatch}
        {{- end }}
        {{- if and .root.Values.tokenSecret (eq .role "web") }}
        - name: ACCLIMATE_TOKEN
          valueFrom: {secretKeyRef: {name: {{ .root.Values.tokenSecret }}, key: token}}
        {{- end }}
        - {name: JAVA_TOOL_OPTIONS, value: "-XX:MaxRAMPercentage={{ $role.heapShare }} -XX:+ExitOnOutOfMemoryError"}
        {{- with include "acclimate.env" . | trim }}
        {{- . | nindent 8 }}
        {{- end }}
      ports:
        - {name: http, containerPort: 8080}
      # Up and waiting for Kafka is alive, and not ready.
      startupProbe:
        httpGet: {path: /health/live, port: http}
        periodSeconds: 2
        failureThreshold: 60
      livenessProbe:
        httpGet: {path: /health/live, port: http}
        periodSeconds: 10
        timeoutSeconds: 5
        failureThreshold: 6
      readinessProbe:
        httpGet: {path: /health/ready, port: http}
        periodSeconds: 5
        timeoutSeconds: 3
      resources:
        {{- toYaml $role.resources | nindent 8 }}
      securityContext:
        allowPrivilegeEscalation: false
        readOnlyRootFilesystem: true
        capabilities: {drop: [ALL]}
      volumeMounts:
        - {name: state, mountPath: /var/lib/acclimate}
        - {name: tmp, mountPath: /tmp}
        {{- if .root.Values.kafka.propertiesSecret }}
        - {name: kafka, mountPath: /etc/acclimate/kafka, readOnly: true}
        {{- end }}
        {{- if and .root.Values.model.claim (ne .role "web") }}
        - {name: models, mountPath: /models, readOnly: true}
        {{- end }}
  volumes:
    {{- if ne .role "minibatch" }}
    # PyTorch's native library is unpacked here.
    - {name: state, emptyDir: {sizeLimit: 2Gi}}
    {{- end }}
    # Samples that do not fit into the heap, and weights of many domains, are kept in files here.
    - {name: tmp, emptyDir: {sizeLimit: 8Gi}}
    {{- if .root.Values.kafka.propertiesSecret }}
    - {name: kafka, secret: {secretName: {{ .root.Values.kafka.propertiesSecret }}}}
    {{- end }}
    {{- if and .root.Values.model.claim (ne .role "web") }}
    - {name: models, persistentVolumeClaim: {claimName: {{ .root.Values.model.claim }}, readOnly: true}}
    {{- end }}
{{- end }}

{{- /* A role whose instances keep their names. */ -}}
{{- define "acclimate.stateful" -}}
apiVersion: apps/v1
kind: StatefulSet
metadata:
  {{- include "acclimate.metadata" . | nindent 2 }}
spec:
  {{- if not .root.Values.keda.enabled }}
  replicas: {{ (index .root.Values .role).replicas }}
  {{- end }}
  serviceName: {{ .root.Release.Name }}-{{ .role }}
  podManagementPolicy: Parallel
  selector:
    matchLabels:
      {{- include "acclimate.labels" . | nindent 6 }}
  template:
    {{- include "acclimate.pod" . | nindent 4 }}
{{- end }}

{{- /* The name and port of a role. Headless: Prometheus and people ask one instance. */ -}}
{{- define "acclimate.headless" -}}
apiVersion: v1
kind: Service
metadata:
  {{- include "acclimate.metadata" . | nindent 2 }}
spec:
  clusterIP: None
  publishNotReadyAddresses: true
  selector:
    {{- include "acclimate.labels" . | nindent 4 }}
  ports:
    - {name: http, port: 8080, targetPort: http}
{{- end }}
