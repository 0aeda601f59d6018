# A host to create against: real sshd, systemd and dockerd in a container. An account's key is put in when it runs.
FROM machine-relay-e2e/debian-host
# docker-machine's unit for Debian calls /usr/bin/dockerd. The socket unit would restart the daemon with its old flags
# behind docker-machine's back.
RUN mkdir -p -m 0700 /root/.ssh \
 && ln -sf /usr/sbin/dockerd /usr/bin/dockerd \
 && sed -i -e 's/ -H fd:\/\///' -e '/^Requires=docker.socket/d' /lib/systemd/system/docker.service \
 && systemctl mask docker.socket \
 && systemctl enable ssh docker
STOPSIGNAL SIGRTMIN+3
CMD ["/sbin/init"]
