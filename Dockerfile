# POSTGRES=1: newsreel that also knows PostgreSQL (docs/machines.md).
ARG POSTGRES=
FROM debian:bookworm-slim AS build
ARG POSTGRES
RUN apt-get update \
 && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends gcc libc6-dev make pkg-config \
    libcurl4-openssl-dev libcjson-dev libsqlite3-dev libssl-dev libfcgi-dev libutf8proc-dev libexpat1-dev libmicrohttpd-dev zlib1g-dev \
    ${POSTGRES:+libpq-dev} \
 && rm -rf /var/lib/apt/lists/*
COPY . /src
# Without symbols for debuggers, of which the image has none.
RUN make -C /src -j2 POSTGRES=$POSTGRES CFLAGS= && make -C /src install POSTGRES=$POSTGRES CFLAGS= DESTDIR=/image

FROM debian:bookworm-slim
ARG POSTGRES
ARG VERSION=unknown
LABEL org.opencontainers.image.title="newsreel" \
      org.opencontainers.image.description="A searchable record of the YouTube videos that match your searches" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.version="$VERSION" \
      org.opencontainers.image.base.name="debian:bookworm-slim"
RUN apt-get update \
 && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends nginx libcurl4 libcjson1 libsqlite3-0 libssl3 \
    libfcgi0ldbl libutf8proc2 libexpat1 libmicrohttpd12 zlib1g ${POSTGRES:+libpq5} ca-certificates tzdata tini \
 && rm -rf /var/lib/apt/lists/* \
 && groupadd -g 10001 newsreel && useradd -u 10001 -g newsreel -d /data -s /usr/sbin/nologin newsreel \
 && install -d -o newsreel -g newsreel -m 700 /data /backups
COPY --from=build /image/usr/local/bin/ /usr/local/bin/
COPY --from=build /image/usr/local/share/newsreel/ /usr/local/share/newsreel/
# The socket and the temporary files of nginx: not in a volume, which may take no sockets.
ENV NEWSREEL_LISTEN=0.0.0.0:8080 NEWSREEL_DATA=/data RUNTIME_DIRECTORY=/tmp
USER 10001:10001
WORKDIR /data
VOLUME /data
EXPOSE 8080
# docker waits 10 seconds after this before it kills; requests at hand may take longer: docker run --stop-timeout 30
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=3s --start-period=10s CMD ["newsreel-web", "--healthcheck"]
# Without -g: nginx/start ends its programs itself, in the right order.
ENTRYPOINT ["/usr/bin/tini", "--", "/usr/local/share/newsreel/start"]
